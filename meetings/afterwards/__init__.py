"""What follows a meeting: the mail, action points, exchange visits.

Attendance at the door is in `office.check_in`.
"""
