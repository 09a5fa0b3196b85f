"""Calls as the public sees them: pages, feed, figures of rounds.

Writing a proposal is in `proposals`.
"""
