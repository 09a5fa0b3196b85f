"""Institutions, their people and their accounts.

Projects and meetings of an institution are added by the apps above.
"""
