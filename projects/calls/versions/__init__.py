"""A proposal as it was sent: kept as plain values, and compared with another version."""
