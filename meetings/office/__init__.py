"""What officers do at a meeting's desk: what waits, who comes, lists, figures, check-in, papers.

What an officer is about to do is done, its mails collected, and rolled back (`dry_run`), so that
the page shows exactly what would be sent. Name tags and signs are typeset in the web process, one
after the other: the typesetter refuses a second thread.
"""
