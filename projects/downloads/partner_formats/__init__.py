"""A project in the fields of others: South-South Galaxy's, and those of the Fund's pages at G77.

fields.py   which fields there are, and how a project fills them
views.py    a page to print or copy, and JSON
"""
