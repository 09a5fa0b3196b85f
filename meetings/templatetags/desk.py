"""What happened to places, and mails about it, in the words of the page's language."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from sscnet.core.i18n.texts import in_a_row

register = template.Library()


@register.filter
def comma(first, second):
    """Join two: a person and the institution."""
    return in_a_row([first, second])


@register.filter
def becomes(event):
    """Say how it stands after an event: “Small hydropower: waiting (no place is free)”."""
    what = event.workshop or gettext("the meeting")
    state = in_a_row([stands(event) or event.get_kind_display(), *until(event)])
    return gettext("%(what)s: %(state)s") % {"what": what, "state": state}


@register.filter
def details(event):
    """Say of an event in a story whom it is about, how the place stands, and who did it."""
    words = [event.delegate, event.workshop, stands(event), *until(event)]
    if event.actor:
        words.append(gettext("by %(person)s") % {"person": event.actor})
    return in_a_row(word for word in words if word)


@register.filter
def way(mail):
    """Say to whom a mail goes and how far it is."""
    receiver = gettext("to %(address)s") % {"address": mail.to or "–"}
    return in_a_row([receiver, mail.state.label])


def stands(event) -> str:
    words = {"place": event.get_place_display(), "reason": event.get_reason_display()}
    if not (event.place and event.reason):
        return words["place"] if event.place else words["reason"]
    return gettext("%(place)s (%(reason)s)") % words


def until(event) -> list[str]:
    if not event.answer_by:
        return []
    moment = date_format(timezone.localtime(event.answer_by), "DATETIME_FORMAT")
    return [gettext("answer by %(moment)s") % {"moment": moment}]
