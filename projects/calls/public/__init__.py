"""Calls as the public sees them: pages, feed, calendar files, figures of rounds.

Writing a proposal is in `proposals`.
"""
