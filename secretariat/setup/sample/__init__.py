"""A small fixed set of made-up records: marked as such, and removed again by one command.

institutions.py  from `data/sample/institutions.csv`
projects.py      from `data/sample/projects.csv`
meeting.py       a meeting that takes registrations, with delegations
call.py          an open call, with proposals
stock.py         making all of it, and taking it away
"""
