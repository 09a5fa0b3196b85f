"""Yearly reports: words around figures, which are kept as they are once a report is published.

Freezing stores every section in each language, and the members of each number's list; triggers
refuse any later change. Page, CSV, XLSX and PDF are made from what is stored.
"""
