"""A record's form in parts, each of them saved for itself; `RecordAdmin` shows them."""

from dataclasses import dataclass
from typing import Any

# The tab in the address of a form, and the value that asks for all of them on one page.
TAB, ALL = "tab", "all"


@dataclass(frozen=True)
class Tab:
    """A part of a record's form, or a page of the record that stands beside these parts."""

    name: str
    label: Any
    # Fieldsets as Django takes them, and inlines, in the order of the page.
    sections: tuple = ()
    # The name of a page's address, without app and model.
    page: str = ""
    # Who lacks it does not see the tab.
    right: str = ""

    @property
    def fieldsets(self) -> list:
        return [section for section in self.sections if isinstance(section, tuple)]

    @property
    def inlines(self) -> list:
        return [section for section in self.sections if not isinstance(section, tuple)]
