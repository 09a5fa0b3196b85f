"""The admin as a site: menu, start page, groups of officers, log of changes.

Records are administered in their own apps.
"""
