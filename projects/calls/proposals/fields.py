"""Form fields of proposals: amounts and long texts."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.forms.fields import LongText
from sscnet.core.forms.typed_fields import WholeNumberField

from ..models.call import MOST_USD

MOST_CHARACTERS = 20_000


class UsdField(WholeNumberField):
    """An amount in whole US dollars: 35000, 35,000, US$ 35 000. Empty is nothing."""

    wrong = _("Write an amount in whole US dollars, like 35,000.")
    nothing = 0
    most = MOST_USD
    too_much = _("An amount is at most US$ 10,000,000.")


class ProseField(LongText):
    """A text of several paragraphs."""

    def __init__(self, rows=5, **kwargs):
        kwargs |= {"required": False, "max_length": MOST_CHARACTERS}
        super().__init__(rows=rows, **kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def widget_attrs(self, widget):
        # A browser would cut what is pasted without a word; it counts otherwise, too.
        return {k: v for k, v in super().widget_attrs(widget).items() if k != "maxlength"}
