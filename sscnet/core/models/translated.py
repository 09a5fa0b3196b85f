"""Records with translated fields."""

from django.db import models
from modeltrans.fields import TranslatedVirtualField


class TranslatedModel(models.Model):
    """A record with translated fields (`i18n`).

    `<field>_i18n` reads through to the other language and writes the current one: cleaning it would
    copy a Chinese name into an empty English one, so it is left out.
    """

    class Meta:
        abstract = True

    def __str__(self):
        return self.name_i18n

    def save(self, **kwargs):
        # An empty text is no translation: kept beside the others, it would count as a change.
        if "i18n" in self.__dict__:
            self.i18n = {name: text for name, text in (self.i18n or {}).items() if text} or None
        super().save(**kwargs)

    def clean_fields(self, exclude=None):
        current = {
            field.name
            for field in self._meta.private_fields
            if isinstance(field, TranslatedVirtualField) and field.language is None
        }
        super().clean_fields(exclude=current | set(exclude or ()))
