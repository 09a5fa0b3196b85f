"""Makes PDFs of a meeting's papers: tagged for screen readers (PDF/UA-1), in all languages.

Typst sets them by the files of `templates/typst/`; it gets data only, so no text becomes markup,
and it reads no file besides and reaches no network.
"""

import json
import re
from functools import cache
from threading import Lock
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext

TEMPLATES = settings.BASE_DIR / "templates" / "typst"
# A compiler refuses a second thread.
ONE_AT_A_TIME = Lock()
NOT_SHOWN = re.compile(r"the text `\"(.*)\"` could not be displayed")


class NotMade(Exception):
    """No PDF can be made; the argument says why to who asked for it."""


def make_pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a template of `templates/typst/`. Raise NotMade."""
    inputs = {"document": json.dumps(data)}
    try:
        with ONE_AT_A_TIME:
            return compiler(template).compile(sys_inputs=inputs, pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if found := NOT_SHOWN.search(str(error)):
            text = gettext(
                "No document was made: no font on the server can show “%(signs)s”. Correct it "
                "first; where it is ordinary Chinese, the operator has to install fonts-noto-cjk."
            )
            raise NotMade(text % {"signs": found[1]}) from error
        raise NotMade(gettext("The PDF cannot be made: tell the operator.")) from error


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.CJK_FONTS])


@cache
def compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
    )
