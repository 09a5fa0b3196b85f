"""Projects as IATI activities, version 2.03 of the standard (docs/open-data.md).

publisher.py   who reports, from the settings, and what of that is missing
activity.py    one project as an activity
shares.py      its countries and sectors, in even parts
files.py       a list as a file, written piece by piece; the organisation file
views.py       the addresses
"""
