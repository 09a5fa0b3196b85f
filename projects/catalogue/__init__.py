"""The catalogue's list: declared once, counted by bitmaps kept in memory.

`declaration` says what it is filtered by, `selection` is what pages and files use, `index` keeps
the bitmaps true through `changes`, `reference` says the same in SQL.
"""
