"""The directory of institutions as the public sees it: list, page, feed, files.

Editing is in `profiles` and `admin`.
"""
