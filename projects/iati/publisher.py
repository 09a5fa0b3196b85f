"""Who reports to IATI: from the settings, for no code can know under what number one registers."""

import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _

NEEDED = (
    "IATI_REGISTRATION_AGENCY",
    "IATI_REPORTING_ORG_REF",
    "IATI_REPORTING_ORG_NAME",
    "IATI_REPORTING_ORG_TYPE",
)
# What IATI allows in an identifier.
IDENTIFIER = re.compile(r"[^/&|?\s]+")


def prefix() -> str:
    """Return what the identifiers of activities begin with."""
    return settings.IATI_IDENTIFIER_PREFIX or settings.IATI_REPORTING_ORG_REF


def is_set_up() -> bool:
    return not problems()


def problems() -> list[str]:
    """Return what keeps the portal from publishing to IATI; nothing when all is well."""
    if missing := [name for name in NEEDED if not getattr(settings, name)]:
        text = _("These settings are missing: %(names)s.")
        return [text % {"names": ", ".join(missing)}]
    agency, ref = settings.IATI_REGISTRATION_AGENCY, settings.IATI_REPORTING_ORG_REF
    begins = _("%(setting)s does not start with the value of %(start)s.")
    said = []
    if not ref.startswith(f"{agency}-"):
        said.append(begins % {"setting": NEEDED[1], "start": NEEDED[0]})
    if not prefix().startswith(ref):
        said.append(begins % {"setting": "IATI_IDENTIFIER_PREFIX", "start": NEEDED[1]})
    if not IDENTIFIER.fullmatch(ref + prefix()):
        said.append(_("An identifier contains a space or one of the characters / & | ?."))
    return said
