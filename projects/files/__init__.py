"""Projects in files: rows of an export, and how rows of an import find their project.

Pages that offer files are in `downloads`.
"""
