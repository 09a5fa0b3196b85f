"""Lists with filters: the projects, the institutions.

A `filterset.ListFilterSet` declares a list: its parameters, their labels, its orders. `params`
reads an address, `engine` counts and sorts by bitmaps read from the declaration, `listing` is what
pages, files, feeds and the API ask.
"""
