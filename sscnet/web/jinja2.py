"""The language of the site's own pages: Jinja2, by Django's own backend.

`ByLanguage` is the environment that settings.TEMPLATES names. It keeps one environment a language,
as the white space between sentences is another.
"""

import re
from functools import cache, partial

from django.conf import settings
from django.contrib.messages import get_messages
from django.template.defaultfilters import (
    capfirst,
    date,
    filesizeformat,
    floatformat,
    linebreaks_filter,
    linebreaksbr,
    time,
    truncatechars,
)
from django.template.defaulttags import querystring
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.templatetags.tz import do_timezone
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.timezone import template_localtime
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension

from sscnet.core.forms.errors import problems_of
from sscnet.core.i18n import texts
from sscnet.core.i18n.addresses import absolute_address, address_in
from sscnet.core.i18n.dates import in_both_time_zones, partial_date
from sscnet.core.pages.sections import sections_of
from sscnet.core.records import samples

OPTIONS = {"trim_blocks": True, "lstrip_blocks": True}
END_OF_SENTENCE = re.compile(r"([.:?!]\s*\{% endtrans) %\}")


class ByLanguage:
    """What Django's backend takes for the environment: one a language, made when first needed."""

    def __init__(self, **options):
        self.environment = cache(partial(environment, **OPTIONS, **options))

    def get_template(self, name):
        return self.of_page().get_template(name)

    def from_string(self, source):
        return self.of_page().from_string(source)

    def of_page(self) -> Environment:
        return self.environment(translation.get_language() or settings.LANGUAGE_CODE)


def environment(
    language: str, *, filters: dict[str, str], functions: dict[str, str], **options
) -> Environment:
    """Return the environment in which the pages of one language are made.

    `filters` and `functions` are those of the apps: names in templates, and where they are found.
    """
    made = Environment(extensions=[Sentences], **options)  # noqa: S701 - the backend escapes
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    made.globals |= {
        "LANGUAGE": language,
        "LANGUAGES": settings.LANGUAGES,
        # What stands between two sentences of which the first is no `trans` block.
        "SPACE": "" if language.startswith("zh") else " ",
        "absolute_address": absolute_address,
        "address_in": address_in,
        "messages_of": get_messages,
        "problems_of": problems_of,
        # The query of the page with some parameters changed; None takes one out.
        "querystring": lambda request, **changes: querystring(None, request.GET, **changes),
        "render_to_string": render_to_string,
        "samples_are_asked_for": samples.are_asked_for,
        "samples_are_shown": samples.are_shown,
        "sections_of": sections_of,
        "setting": partial(getattr, settings),
        "static": static if settings.DEBUG else cache(static),
        "url": url_of(cache(reverse)),
    }
    made.filters |= {
        "in_both_time_zones": in_both_time_zones,
        "capfirst": capfirst,
        "comma_separated": texts.comma_separated,
        "date": in_local_time(date),
        "filesizeformat": filesizeformat,
        "floatformat": floatformat,
        "guessed": texts.guessed,
        "translated_or_guessed": texts.translated_or_guessed,
        "in_place_order": texts.in_place_order,
        "keep_samples": samples.keep,
        "language_tag": texts.language_tag,
        "linebreaks": linebreaks_filter,
        "linebreaksbr": linebreaksbr,
        "page_numbers": page_numbers,
        "partial_date": partial_date,
        "time": in_local_time(time),
        "timezone": do_timezone,
        "translated": texts.translated,
        "truncatechars": truncatechars,
        "first_sentence": texts.first_sentence,
    }
    made.globals |= {name: import_string(path) for name, path in functions.items()}
    made.filters |= {name: import_string(path) for name, path in filters.items()}
    return made


class Sentences(InternationalizationExtension):
    """Translates, and sees to the white space between sentences."""

    def preprocess(self, source, name, filename=None):
        """Keep the white space after a sentence; in Chinese its mark has the room, and it goes."""
        if self.environment.globals["LANGUAGE"].startswith("zh"):
            return END_OF_SENTENCE.sub(r"\1 -%}", source).replace(
                "{% endtrans %}: ", "{% endtrans %}："
            )
        return END_OF_SENTENCE.sub(r"\1 +%}", source)


def in_local_time(write):
    """Return a filter of Django's that writes moments kept in UTC in the portal's time."""

    def in_words(moment, *args) -> str:
        return write(template_localtime(moment), *args)

    return in_words


def url_of(of_name):
    """Return the function that gives the address of a page: `url("projects:detail", slug)`.

    `of_name` keeps those that take nothing else: the same few stand on every page.
    """

    def url(name: str, *args, **kwargs) -> str:
        return reverse(name, args=args, kwargs=kwargs) if args or kwargs else of_name(name)

    return url


def page_numbers(page):
    """Return the numbers of pages to link to: the first, the last and those around this one."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
