"""The menu of the admin: the lists of records by what officers do."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TASKS = [
    ("today", _("Today"), ["core.proposedversion"]),
    ("projects", _("Projects"), ["projects.project", "secretariat.publication"]),
    (
        "institutions",
        _("Institutions"),
        ["members.institution", "members.invitation"],
    ),
    (
        "meetings",
        _("Meetings"),
        [
            *("meetings.meeting", "meetings.delegation", "meetings.delegate"),
            *("meetings.changerequest", "meetings.actionpoint"),
            "meetings.speakerpaper",
            *("meetings.personexport", "meetings.erasure"),
        ],
    ),
    ("calls", _("Calls"), ["calls.call", "calls.proposal", "calls.reading"]),
    ("questions", _("Questions"), ["secretariat.enquiry", "search.unmetword"]),
    (
        "papers",
        _("Papers"),
        ["papers.paper", "papers.papertemplate", "papers.papersettings"],
    ),
    (
        "mail",
        pgettext_lazy("menu", "Mail"),
        ["outbox.message", "outbox.wordingoverride", "secretariat.alert"],
    ),
    ("figures", _("Figures"), ["secretariat.yearlyreport", "secretariat.datedfigure"]),
]
# First and last under Settings; between them stands what no task names.
FIRST_OF_SETTINGS = [
    *("secretariat.page", "secretariat.redirect", "codelists.topic"),
    "members.user",
]
CODE_LISTS = "codelists"


def by_task(apps: list[dict], request, pages: dict[str, list[dict]]) -> list[dict]:
    """Return the lists that Django names by app, by task; `pages` of a task come before."""
    lists = {one["model"]._meta.label_lower: one for app in apps for one in app["models"]}
    tasks = [
        (name, title, pages.get(name, []) + take(lists, labels)) for name, title, labels in TASKS
    ]
    settings = take(lists, FIRST_OF_SETTINGS)
    rest = sorted(lists.items(), key=lambda item: item[0].startswith(CODE_LISTS))
    tasks.append(("settings", _("Settings"), settings + [one for _label, one in rest]))
    start = reverse("admin:index")
    return [
        entry(name, title, models, request, start if name == "today" else "")
        for name, title, models in tasks
        if models or name == "today"
    ]


def take(lists: dict[str, dict], labels: list[str]) -> list[dict]:
    return [lists.pop(label) for label in labels if label in lists]


def entry(name: str, title, models: list[dict], request, address: str = "") -> dict:
    """Return a task as Django's templates expect an app; it leads to its first list."""
    models = [one | {"is_current": is_at(request, one["admin_url"])} for one in models]
    pages = [one["admin_url"] for one in models if one["admin_url"]]
    return {
        "app_label": name,
        "name": title,
        "app_url": address or next(iter(pages), ""),
        "has_module_perms": True,
        "models": models,
        "is_current": request.path == address or any(one["is_current"] for one in models),
    }


def is_at(request, address: str | None) -> bool:
    return bool(address) and request.path.startswith(address)


def page(name: str, title, address: str) -> dict:
    """Return a page as Django's templates expect a model that one may look at."""
    return {
        "name": title,
        "object_name": name,
        "admin_url": address,
        "add_url": None,
        "view_only": True,
    }
