"""Changes of credentials: reauthentication, notices, taking a change back.

Sessions are in `accounts.sessions`.
"""
