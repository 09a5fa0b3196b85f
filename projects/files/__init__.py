"""Projects in files: the list that a file has, and how rows of an import find their project.

Pages that offer files are in `views`.
"""
