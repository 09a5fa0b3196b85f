"""Mails about new records of a list, to who asked for them."""
