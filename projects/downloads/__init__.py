"""Files the public takes away: the list in several formats, and the forms of partner

organisations.
"""
