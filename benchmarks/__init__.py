"""What the portal costs to serve: `make bench`; and whether it holds: places, faults.

__main__.py  the options, and the order of things
servers.py   the gunicorns
kinds.py     the kinds of page, what is asked of each, the aims
load.py      asking, and the load generator
timing.py    turns: who is asked what, how long, in which order; what an edit costs
mix.py       what visitors ask for, with edits in between
report.py    README.md from the figures
unkept.py    the portal that keeps no page
settings.py  the portal's settings with the views of views.py
crawler.py   readers beside a crawler of filters
stage.py     a database and a meeting in a rush, for places.py and faults/
"""
