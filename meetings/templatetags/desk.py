"""What happened to places, and mails about it, in the words of the page's language."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated

register = template.Library()


@register.filter
def comma(first, second):
    """Join two: a person and the institution."""
    return comma_separated([first, second])


@register.filter
def becomes(event):
    """Return the state after an event: “Small hydropower: waiting (no place is free)”."""
    what = event.workshop or gettext("the meeting")
    state = comma_separated([stands(event) or event.get_kind_display(), *until(event)])
    return gettext("%(what)s: %(state)s") % {"what": what, "state": state}


@register.filter
def details(event):
    """Return the person of an event in a timeline, the state of the place, and the actor."""
    words = [event.delegate, event.workshop, stands(event), *until(event)]
    if event.actor:
        words.append(gettext("by %(person)s") % {"person": event.actor})
    return comma_separated(word for word in words if word)


@register.filter
def way(mail):
    """Return the receiver of a mail and its state."""
    receiver = gettext("to %(address)s") % {"address": mail.to or "–"}
    return comma_separated([receiver, mail.state.label])


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
