"""A small fixed set of made-up records: marked as such, and removed again by one command.

records.py  institutions and projects, from `data/sample/`; what is told of the others
meeting.py  a meeting that takes registrations, with delegations
call.py     an open call, with proposals
stock.py    making all of it, and taking it away
"""
