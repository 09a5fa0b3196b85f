"""The directory of institutions: the catalogue's list over a few hundred records.

`declaration` says what it is filtered by, `engine` reads the records and counts, `search` finds
names, `selection` is what pages and files use.
"""
