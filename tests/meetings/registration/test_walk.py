"""The walk from the form to the place, by the modules that CONTRIBUTING.md names."""

import re
import sys

import pytest
from django.conf import settings

from .steps import address, delegation_of, person, typed

pytestmark = pytest.mark.django_db

# Records, whom the institution knows, and the mail that follows: looked up from the walk's modules.
ASIDE = ("meetings.models", "meetings.registration.roster", "meetings.places.mails")


def modules_named():
    text = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
    walk = text.partition("## A delegate's walk")[2].partition("\n## ")[0]
    names = re.findall(r"^\d+\. `(meetings/[\w/]+)\.py`", walk, re.MULTILINE)
    return {name.replace("/", ".") for name in names}


class Modules:
    """The modules of the portal that are passed while a page is made: called, or returned to."""

    def __init__(self):
        self.passed = [""]

    def note(self, frame, event, argument):
        frame = frame.f_back if event == "return" else frame
        name = frame.f_globals.get("__name__", "") if frame else ""
        is_ours = name.startswith(("sscnet.", "members.", "meetings."))
        if event in ("call", "return") and is_ours and name != self.passed[-1]:
            self.passed.append(name)

    def __enter__(self):
        sys.setprofile(self.note)
        return self

    def __exit__(self, *error):
        sys.setprofile(None)

    @property
    def entered(self):
        app = (name for name in self.passed if name.startswith("meetings."))
        return {name for name in app if not name.startswith(ASIDE)}


def test_a_delegate_passes_eight_modules_from_the_form_to_the_place(
    client, meeting, hydropower, institution, focal_point
):
    def page(step):
        return address(meeting, institution, step)

    # Imports all that any page imports.
    client.get(page("delegation"))
    with Modules() as modules:
        client.get(page("people"))
        client.post(page("people"), typed([person(1)]))
        delegate = delegation_of(meeting, institution).delegates.get()
        wish = {f"delegate-{delegate.pk}-workshops": [hydropower.pk]}
        client.post(page("workshops"), {"version": 1, **wish})
        client.get(page("check"))
        token = delegation_of(meeting, institution).submission_token
        client.post(page("send"), {"token": str(token)})

    delegate.refresh_from_db()
    assert (delegate.place, delegate.workshop_places.get().place) == ("confirmed", "confirmed")
    assert modules.entered == modules_named()
    assert len(modules.entered) <= 8


def test_saving_a_delegate_enters_the_views_three_times(client, meeting, institution, focal_point):
    """When it is called, with the page that was made, and with what was saved."""
    page = address(meeting, institution, "people")
    client.get(page)

    with Modules() as modules:
        response = client.post(page, typed([person(1)]))

    assert response["Location"] == address(meeting, institution, "check")
    assert modules.passed.count("meetings.registration.views") == 3
