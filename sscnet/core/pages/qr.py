"""QR codes of addresses, for pages that are shown, printed or photographed."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str) -> SafeString:
    """Return the code as SVG to stand in a page, sized by the page's style."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=2, light="#fff"))
