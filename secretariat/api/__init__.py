"""The portal's records as JSON, to read: /api/v1/ (docs/open-data.md).

schemas.py     what an answer holds
describe.py    records as these answers
paging.py      a page of a list, with its links
v1.py          the addresses
problems.py    errors as problem details (RFC 9457)
middleware.py  what holds for every answer: language, limit, ETag, who may read it
"""
