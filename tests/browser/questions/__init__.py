"""What the walk asks of every page; each question gives the faults it finds in words."""
