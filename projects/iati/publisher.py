"""Who reports to IATI: from the settings, for no code can know under what number one registers."""

import re
from dataclasses import dataclass
from typing import Self

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


@dataclass(frozen=True)
class Publisher:
    """The reporting organisation. Its `ref` starts with the code of the agency it registered at.

    `is_secondary` says whether it reports on what another organisation does; None: not stated.
    """

    agency: str
    ref: str
    name: str
    name_zh: str
    type: str
    prefix: str
    is_secondary: bool | None

    @classmethod
    def of_settings(cls) -> Self:
        ref = settings.IATI_REPORTING_ORG_REF
        return cls(
            settings.IATI_REGISTRATION_AGENCY,
            ref,
            settings.IATI_REPORTING_ORG_NAME,
            settings.IATI_REPORTING_ORG_NAME_ZH,
            settings.IATI_REPORTING_ORG_TYPE,
            settings.IATI_IDENTIFIER_PREFIX or ref,
            settings.IATI_SECONDARY_REPORTER,
        )

    def identifier(self, code: str) -> str:
        return f"{self.prefix}-{code}"

    @property
    def is_set_up(self) -> bool:
        return not self.problems()

    def problems(self) -> list[str]:
        """Return what keeps the portal from publishing to IATI; nothing when all is well."""
        missing = [name for name in NEEDED if not getattr(settings, name)]
        if missing:
            text = _("These settings are missing: %(names)s.")
            return [text % {"names": ", ".join(missing)}]
        begins = _("%(setting)s does not start with the value of %(start)s.")
        wrong = {
            begins % {"setting": NEEDED[1], "start": NEEDED[0]}: (
                not self.ref.startswith(f"{self.agency}-")
            ),
            begins % {"setting": "IATI_IDENTIFIER_PREFIX", "start": NEEDED[1]}: (
                not self.prefix.startswith(self.ref)
            ),
            _("An identifier contains a space or one of the characters / & | ?."): (
                not IDENTIFIER.fullmatch(self.ref + self.prefix)
            ),
        }
        return [text for text, is_wrong in wrong.items() if is_wrong]
