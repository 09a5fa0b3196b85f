"""The start page of the admin: what waits for an officer, and the meetings to come.

A row of `sections` names the records, the filters that list exactly these, the permission of those
who act on them, whom they wait for and since when. One query counts all rows.
"""
