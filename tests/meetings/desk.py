"""What tests of the officers' desk share: registrations, the pages, and the mails they show."""

from html import unescape

from django.urls import reverse

from meetings import places
from sscnet.core.personal_data.secret_addresses import without_secrets
from sscnet.outbox.models import Message
from tests import make


def address(view, *args):
    return reverse(f"admin:meetings_{view}", args=args)


def change(meeting):
    return f"{address('meeting_change', meeting.pk)}?tab=all"


def text_of(response):
    return " ".join(unescape(response.content.decode()).split())


def register(meeting, *, to=None, people=1, unnamed=0, workshops=(), email="", **values):
    """Submit a delegation, of an institution where `to` reads the mails."""
    institution = make.Institution()
    if to:
        make.Affiliation(institution=institution, user__email=to)
    delegation = make.Delegation(meeting=meeting, institution=institution, **values)
    for n in range(people):
        own = email if n == 0 else ""
        make.Delegate(delegation=delegation, position=n, workshops=workshops, email=own)
    for _ in range(unnamed):
        make.Delegate(delegation=delegation, family_name="", given_names="", to_be_named=True)
    places.submit(delegation)
    return delegation


def submitted(meeting, people=1, **values):
    delegation = make.Delegation(meeting=meeting, people=people, **values)
    places.submit(delegation)
    delegation.refresh_from_db()
    return delegation


def states(delegation):
    return [delegate.place for delegate in delegation.delegates.all()]


def act(client, model, name, *rows, **values):
    """Choose rows in a list and an action, as a browser does; `values` are of the next page."""
    keys = [row.pk for row in rows]
    first = {} if values else {"index": "0"}
    data = {"action": name, "_selected_action": keys} | first | values
    return client.post(address(f"{model}_changelist"), data)


def listed(response):
    """Give the mails that a page lists, once the page was seen to show all of each."""
    page, found = text_of(response), []
    for mail in response.context["mails"]:
        assert mail.to in page
        assert mail.subject in page
        assert mail.text == without_secrets(mail.text)
        for line in mail.text.splitlines():
            assert " ".join(line.split()).strip("-") in page
        found.append(as_announced(mail))
    return found


def as_announced(mail):
    return mail.kind, mail.to, mail.subject, without_secrets(mail.text)


class Written:
    """The mails that are written from now on."""

    def __init__(self):
        self.before = set(Message.objects.values_list("pk", flat=True))

    @property
    def mails(self):
        return Message.objects.exclude(pk__in=self.before).order_by("pk")

    def as_announced(self):
        return [as_announced(mail) for mail in self.mails]
