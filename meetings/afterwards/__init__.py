"""What follows a meeting: action points.

Attendance at the door is in `office.check_in`.
"""
