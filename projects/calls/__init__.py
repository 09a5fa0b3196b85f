"""Calls for proposals of the Fund and what becomes of them, from the call to the final report.

`proposals/` is the institution's side, `handling/` the Secretariat's; here is what both share: the
fields of the Fund's form, each declared once (`form`), the rules (`precheck`), which step may
follow (`steps`), what comes next (`next_step`), what is kept of each sending (`versions`), figures
of a round (`rounds`). Who sees a proposal is asked of `Proposal.objects.handled_by` by every list,
page, file, count and export of officers. Limits that would make a proposal void at the Fund are
triggers as well (`models/triggers.py`).
"""
