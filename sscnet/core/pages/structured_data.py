"""JSON-LD: what a page states about its record for search engines."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import mark_safe

# The characters that could end a script element, as django.utils.html.json_script writes them.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(data):
    """Write data as a block of JSON-LD, leaving out what is empty. Browsers do not run it."""
    stated = {"@context": "https://schema.org"} | {k: v for k, v in data.items() if v}
    text = json.dumps(stated, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    escaped = mark_safe(text)
    return format_html('<script type="application/ld+json">{}</script>', escaped)
