"""Mails kept until they are sent, and what falls due."""
