"""A meeting as the public sees it: page, list, feed, calendar files, timetable.

Registering is in `registration`.
"""
