"""The delegation of an institution, from the first page to changes after it was sent.

Who gets a place is decided in `places` only.
"""
