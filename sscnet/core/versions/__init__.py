"""Editors propose, publishers release: changes of public records that wait beside them.

`states` reads a record with its parts and says what differs, `saving` keeps a form's changes,
`releasing` decides on a version, `comparing` shows it, `pages` are its pages in the admin.
"""
