"""Yearly reports: words around figures, which are kept as they are once a report is frozen."""
