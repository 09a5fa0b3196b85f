"""Lists of a meeting's people: columns and filters, files, name tags.

Records of delegations are in `meetings.admin`.
"""
