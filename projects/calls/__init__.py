"""Calls for proposals of the Fund and what becomes of them, from the call to the final report.

`proposals/` is the institution's side, `handling/` the Secretariat's; here is what both share: the
fields of the Fund's form, each declared once (`form`), the two papers made of them (`outline`), the
rules (`checks`), which step may follow and what comes next (`steps`), and what is kept of each
sending (`versions`). Who sees a proposal is asked of `Proposal.objects.handled_by` by every list,
page, file, count and export of officers. Limits that would make a proposal void at the Fund are
triggers as well (`models/triggers.py`).
"""
