from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

PAGES = ["413.html", "429.html"]


class Command(BaseCommand):
    help = "Write the pages with which the web server refuses by itself beside the static files."

    def handle(self, **options):
        for name in PAGES:
            (settings.STATIC_ROOT / name).write_text(render_to_string(name), encoding="utf-8")
