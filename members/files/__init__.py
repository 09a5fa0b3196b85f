"""Institutions in import files: columns, how a row finds its institution, changes of many at once.

Public files are in `directory`.
"""
