"""What the portal costs to serve, at 100 to 100,000 projects: `make bench`.

__main__.py   the options, and the order of things
settings.py   the portal's settings plus the two views it is compared with, limit.py and naive/
servers.py    one gunicorn a contender
kinds.py      the kinds of request that are timed, with their aims
load.py       the load generator, a process of its own
timing.py     turns: who is asked what, how long, in which order
figures.py    all that is counted or weighed rather than timed
report.py     README.md from the figures; chart.py draws the picture in it
"""
