"""The approval of an international meeting: its page on the desk, and the dossier as Word."""
