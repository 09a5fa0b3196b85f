"""Check-in at the door: who came and who came unannounced.

Figures of it are in `office.figures`.
"""
