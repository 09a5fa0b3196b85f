from modeltrans.apps import RegistrationConfig

from . import labels


class TranslationsConfig(RegistrationConfig):
    """django-modeltrans, which comes last: its fields say their language in words, not in code."""

    def ready(self):
        super().ready()
        labels.name_translations()
