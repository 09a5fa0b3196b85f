"""The profile that an institution keeps: its form, proposals, their decision, what is due."""
