"""Texts, names and addresses in the languages of the portal, and the order of letters."""
