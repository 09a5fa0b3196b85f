"""What an institution does for itself below /my/: its people and invitations.

Its profile is in `profiles`.
"""
