"""Drafts that several people of an institution write together, page by page: `page.DraftPage`.

Here belongs what holds for every such form: the version that a page was made from, what the second
of two who save one page is shown, rows that a colleague added, and stored values that are shown
with what is wrong in them. `forms` stores what is right of a form, `rows` of the rows of a record;
where else a draft is stored belongs to its app. A page sent after the session ended is kept by
`sscnet/core/forms/kept_posts.py`, like any other form.
"""
