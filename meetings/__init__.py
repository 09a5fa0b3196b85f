"""Meetings of the Network.

Institutions and accounts are in `members`; what many kinds of records share is in `sscnet`.
"""
