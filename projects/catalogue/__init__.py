"""The list of projects: filters, rows, table, map, comparison, search.

The page of one project is in `pages`.
"""
