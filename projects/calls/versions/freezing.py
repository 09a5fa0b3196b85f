"""A proposal as plain values, to keep as it was sent: names of codes stand in both languages."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import models
from modeltrans.fields import TranslationField

from sscnet.core.i18n.labels import each_language, translated_fields
from sscnet.core.i18n.texts import per_language

from ..form import ROWS
from ..models import Proposal, ProposalVersion

# What is about the record, not about the proposal.
LEFT_OUT = {
    *("lock_version", "saved_by", "saved_at", "saved_sections", "owner", "project", "state"),
    *("answer_by_on", "is_reminded"),
}


def frozen(proposal: Proposal) -> dict:
    """Return every field and row of the proposal."""
    content = values_of(proposal, LEFT_OUT)
    for name in ROWS.values():
        rows = getattr(proposal, name).all()
        content[name] = [values_of(row, {"proposal", "uploaded_by"}) for row in rows]
    amounts = ("asked_usd", "cash_usd", "kind_usd", "other_usd", "total_usd")
    return content | {name: getattr(proposal, name) for name in amounts}


def keep_version(proposal: Proposal, *, by, at: datetime) -> ProposalVersion:
    """Keep the proposal, as it is stored, as its next version."""
    return ProposalVersion.objects.create(
        proposal=proposal,
        number=proposal.versions.count() + 1,
        sent_at=at,
        sent_by=by,
        content=frozen(Proposal.objects.for_form().get(pk=proposal.pk)),
    )


def values_of(record: models.Model, left_out: set[str]) -> dict:
    columns = columns_of(type(record), left_out)
    return {name: plain(record, field, name) for field, name in columns}


def columns_of(model: type[models.Model], left_out: set[str]) -> Iterator[tuple[models.Field, str]]:
    """Give each field of a model that is kept, with its name; of a text in each language."""
    translated = translated_fields(model)
    for field in model._meta.concrete_fields:
        if field.name not in left_out and not isinstance(field, TranslationField):
            for name in each_language(field.name) if field.name in translated else [field.name]:
                yield field, name


def plain(record, field, name):
    value = getattr(record, name)
    if isinstance(value, models.Model):
        return coded(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if field.choices and value not in ("", None):
        shown = getattr(record, f"get_{field.name}_display")
        return {"code": value} | per_language(shown)
    if isinstance(field, models.FileField):
        return value.name
    return "" if value is None and name != field.name else value


def coded(record: models.Model) -> dict:
    return {"code": record.pk} | per_language(record.__str__)
