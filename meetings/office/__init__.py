"""The officers' desk of a meeting: what waits, who comes, lists, figures, the door."""
