"""Made-up records to try the portal with: marked as such, and removed again by one command.

words.py         the word lists of `data/sample/` and the sentences made from them
institutions.py  what a made-up institution is
projects.py      what a made-up project is
stock.py         writing them, many at a time, and taking them away
"""
