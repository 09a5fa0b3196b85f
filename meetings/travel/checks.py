"""What letters and certificates need of the server: looked at by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from . import pdf


@register(Tags.compatibility, deploy=True)
def check_fonts(app_configs, **kwargs):
    if pdf.has_font():
        return []
    message = (
        f"Letters and certificates cannot be made: {settings.CJK_FONTS} has no {pdf.CHINESE}."
        " Install fonts-noto-cjk, or set CJK_FONTS."
    )
    return [Warning(message, id="meetings.W001")]
