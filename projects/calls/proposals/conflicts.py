"""Two saved one section at once: what is stored, beside what is on the page."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sscnet.changes.history import Act
from sscnet.changes.stale import Conflict, Difference, differences

from .pages import SectionPage


def conflict_of(page: SectionPage, stored: SectionPage) -> Conflict:
    """Compare a page as it was sent with what is stored now."""
    found = []
    for typed, now in ((page.form, stored.form), (page.answer, stored.answer)):
        if typed and now:
            found += differences(typed, now)
    if page.rows:
        found += of_rows(page.rows, stored.rows)
    proposal = stored.proposal
    act = Act(proposal.saved_at, str(proposal.saved_by or _("somebody")))
    return Conflict([act], found, [file.name for file in page.files.values()])


def of_rows(typed, stored) -> list[Difference]:
    there = {key_of(form): form for form in stored.forms if form.instance.pk or not typed.can_grow}
    known = [key_of(form) for form in typed.forms]
    new = [form for key, form in there.items() if key not in known]
    found = []
    for n, form in enumerate(typed.forms, 1):
        name = f"{capfirst(str(typed.title))} {n}"
        if now := there.get(key_of(form)):
            found += differences(form, now, name)
        elif not form.is_blank:
            # Sent twice, a new row is there already.
            same = next((one for one in new if not differences(form, one)), None)
            if same:
                new.remove(same)
                form.instance = same.instance
            else:
                text = _("no longer there; kept on this page")
                found.append(Difference(name, _("Row"), text, words_of(form)))
    if typed.can_grow:
        return found + [
            Difference(words_of(form), _("Row"), _("added in the meantime"), "") for form in new
        ]
    return found


def key_of(form):
    """Return what tells a row from the others: its number; of a paper, which one it is."""
    asked = getattr(form, "asked", None)
    return asked.key if asked else form.instance.pk or form.prefix


def words_of(form) -> str:
    if not form.is_bound:
        return str(form.instance)
    values = (str(form[name].data or "") for name in form.fields if name != "id")
    return " · ".join(value for value in values if value)
