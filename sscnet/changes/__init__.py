"""What changes in a record: its history, what differs, and what waits for release.

Here belongs what compares, keeps, words and writes changes of records of any kind. Forms and pages
of the admin are in `sscnet.admin`, files with many records in `sscnet.exchange`.
"""
