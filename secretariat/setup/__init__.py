"""Filling a portal: the Network's records, samples, accounts for trying."""
