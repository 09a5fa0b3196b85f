"""Papers set as PDF. What they say is in the apps."""
