"""Projects as IATI activities, version 2.03 of the standard (docs/open-data.md).

publisher.py   who reports, from the settings, and what of that is missing
activity.py    one project as an activity
shares.py      its countries and sectors, in even parts
views.py       the addresses, and the files written piece by piece
"""
