"""What the portal costs to serve, at 1,000 to 100,000 projects: `make bench`.

__main__.py   the options, and the order of things
settings.py   the portal's settings plus the two views it is compared with, limit.py and naive/
unkept.py     the portal that keeps no page
servers.py    the gunicorns
kinds.py      the kinds of page, what is asked of each, the aims
load.py       the load generator, a process of its own
timing.py     turns: who is asked what, how long, in which order
mix.py        what visitors ask for, with edits in between, against an earlier checkout
engine.py     what an index of the list costs, in a process of its own
figures.py    all that is counted or weighed rather than timed
report.py     README.md from the figures
"""
