"""The institution's side: writing a proposal page by page, checking, sending and answering.

A draft stores what is correct and returns the rest beside its field (`forms`, `rows`). Each page
carries a digest of its section (`pages`); a page that is out of date stores nothing and shows both
texts. `sending` locks the calls of the programme and year, then the proposal, before it reads the
time. A form filled in with Word is read by `word_reading`; `word_form` compares it and stores what
is accepted.
"""
