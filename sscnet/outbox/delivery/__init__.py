"""Sending mails that are due. Writing one is in `post`."""
