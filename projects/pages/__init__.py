"""The pages of one project, and of a country or goal with its projects.

The list is in `catalogue`.
"""
