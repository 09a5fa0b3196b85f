"""What every list with filters shares: the catalogue of projects, the directory of institutions.

A list declares its facets and orders (`declaration`); `given` reads an address, `selection` is what
pages and files use, `heading`, `panel` and `table` show it. What matches and how many is counted by
the list's own engine, which `selection` describes.
"""
