"""Languages of documents and questions, and working languages of activities."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    ARABIC = "ar", _("Arabic")
    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    PORTUGUESE = "pt", _("Portuguese")
    RUSSIAN = "ru", _("Russian")
    SPANISH = "es", _("Spanish")


def portal_languages() -> list:
    """Return the languages of the portal to choose from, by their names in the reader's."""
    return [(code, dict(Language.choices).get(code, name)) for code, name in settings.LANGUAGES]
