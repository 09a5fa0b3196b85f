"""What PDFs need of the server: looked at by `manage.py check --deploy`."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from sscnet.papers import typesetting


@register(Tags.compatibility, deploy=True)
def check_fonts(app_configs, **kwargs):
    if typesetting.has_font():
        return []
    message = (
        f"Name tags cannot be made: {settings.CJK_FONTS} has no {typesetting.CHINESE}."
        " Install fonts-noto-cjk, or set CJK_FONTS."
    )
    return [Warning(message, id="meetings.W001")]
