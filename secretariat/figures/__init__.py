"""The Network in figures: each number with its definition, what is missing, and its list."""
