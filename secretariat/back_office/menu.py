"""The menu of the admin: four doors by what officers do, and Settings; what each list is for."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .handbook import PAGE_OF

TASKS = [
    ("today", _("Today"), ["core.proposedversion"]),
    (
        "records",
        _("Records"),
        [
            *("projects.project", "members.institution", "secretariat.publication"),
            *("secretariat.page", "codelists.topic"),
            *("secretariat.datedfigure", "secretariat.yearlyreport"),
        ],
    ),
    (
        "meetings",
        _("Meetings"),
        [
            *("meetings.meeting", "meetings.delegation", "meetings.delegate"),
            *("meetings.changerequest", "meetings.actionpoint"),
        ],
    ),
    ("calls", _("Calls"), ["calls.call", "calls.proposal", "calls.reading"]),
    (
        "mail",
        _("Letters and mails"),
        [
            *("papers.paper", "secretariat.request", "secretariat.enquiry"),
            *("secretariat.need", "secretariat.introduction"),
            *("outbox.message", "members.invitation"),
        ],
    ),
]
# What is first on the page of settings; logs and code lists follow on what no list names.
FIRST_OF_SETTINGS = [
    *("members.user", "papers.papersettings", "papers.papertemplate"),
    *("outbox.wordingoverride", "secretariat.redirect"),
]
LOGS = [
    *("meetings.personexport", "meetings.erasure"),
    *("secretariat.dailycount", "core.retentionrun", "search.unmetword"),
]
CODE_LISTS = "codelists"
# What an empty list says: what it is for, and how things come into it.
PURPOSES = {
    "core.proposedversion": _(
        "Changes of public records that wait for release. Helpers and institutions make them by"
        " saving; an officer releases or returns them."
    ),
    "projects.project": _("Projects of the catalogue. Add one, import a sheet, or award a call."),
    "members.institution": _("Members, partners and hosts. Add one, or import a sheet."),
    "papers.paper": _("Letters, notices and certificates with their numbers, as issued."),
    "papers.papertemplate": _("Word files that papers are made from. Add one to replace ours."),
    "papers.papersettings": _("Issuer, letterhead and codes of numbers. Add them once."),
    "members.invitation": _("Invitations to act for an institution. Add one to send it by email."),
    "members.user": _("People who sign in. A colleague is added; others come by invitation."),
    "meetings.meeting": _("Meetings and activities. Add one, or make next year’s from a former."),
    "meetings.delegation": _(
        "Who comes to meetings, by institution. Institutions register on their own pages; from a"
        " meeting’s page you can enter what came on paper."
    ),
    "meetings.delegate": _("People registered for meetings. They come with their delegation."),
    "meetings.changerequest": _(
        "Changes that institutions ask for after the deadline, to approve or decline."
    ),
    "meetings.actionpoint": _("What was agreed at a meeting. They are entered with the meeting."),
    "meetings.personexport": _("Who took which list of people, and when. The portal writes it."),
    "meetings.erasure": _("Which personal data of meetings were erased. The portal writes it."),
    "core.retentionrun": _("What was erased when its time had come. The portal writes it."),
    "calls.call": _("Calls for proposals. Add one; institutions send proposals once it is open."),
    "calls.proposal": _(
        "Proposals that institutions sent. You see those in which you have no conflict of"
        " interest; drafts stay with the institution."
    ),
    "calls.reading": _("Proposals given to readers, from the page of a proposal."),
    "secretariat.request": _(
        "What institutions are asked for in writing, and votes. Start from a ready-made one."
    ),
    "secretariat.enquiry": _("Questions of visitors. They come from the pages of the portal."),
    "secretariat.need": _("What partners look for. Begin one from a question, or add one."),
    "secretariat.introduction": _("Needs and institutions, from a need’s page, and the outcome."),
    "secretariat.page": _("Pages about the Network, news and notices. Add one."),
    "secretariat.publication": _("Reports, books and articles. Add one."),
    "secretariat.yearlyreport": _("Yearly reports, made of figures and your words. Add one."),
    "secretariat.datedfigure": _("Totals the Network stated, each with day and source. Add one."),
    "secretariat.redirect": _("Old addresses that lead to pages of today. Add one."),
    "outbox.message": _("Emails written by the portal, kept until they are sent, and after."),
    "secretariat.dailycount": _("How often pages, files and feeds are asked for, by month."),
    "search.unmetword": _("Words that visitors searched for and found nothing."),
    "search.synonym": _("Words that the search takes for the same. Add a group."),
}


def by_task(apps: list[dict], request, pages: dict[str, list[dict]]) -> list[dict]:
    """Return the lists that Django names by app, by task; `pages` of a task come before."""
    lists = lists_of(apps)
    tasks = [
        (name, title, take(lists, labels) + pages.get(name, [])) for name, title, labels in TASKS
    ]
    tasks.append(("settings", _("Settings"), pages.get("settings", []) + list(lists.values())))
    addresses = {"today": reverse("admin:index"), "settings": reverse("admin:settings")}
    return [
        entry(name, title, models, request, addresses.get(name, ""))
        for name, title, models in tasks
        if models or name == "today"
    ]


def settings(apps: list[dict], pages: list[dict]) -> list[dict]:
    """Return what no task names, for a page of its own: `pages` and settings, code lists, logs."""
    lists = lists_of(apps)
    for _name, _title, labels in TASKS:
        take(lists, labels)
    first, logs = take(lists, FIRST_OF_SETTINGS), take(lists, LOGS)
    codes = take(lists, [label for label in lists if label.startswith(CODE_LISTS)])
    groups = [
        ("settings", _("Settings"), pages + first + list(lists.values())),
        ("codes", _("Code lists"), codes),
        ("logs", _("Logs"), logs),
    ]
    return [
        {"app_label": name, "name": title, "app_url": "", "models": models}
        for name, title, models in groups
        if models
    ]


def lists_of(apps: list[dict]) -> dict[str, dict]:
    """Return the lists by the labels of their models, each with what it is for and its help."""
    lists = {one["model"]._meta.label_lower: one for app in apps for one in app["models"]}
    return {
        label: one | {"purpose": PURPOSES.get(label, ""), "help": PAGE_OF.get(label)}
        for label, one in lists.items()
    }


def take(lists: dict[str, dict], labels: list[str]) -> list[dict]:
    return [lists.pop(label) for label in labels if label in lists]


def entry(name: str, title, models: list[dict], request, address: str = "") -> dict:
    """Return a task as Django's templates expect an app; it leads to its first list."""
    for one in models:
        one["is_current"] = bool(one["admin_url"]) and request.path.startswith(one["admin_url"])
    pages = [one["admin_url"] for one in models if one["admin_url"]]
    return {
        "app_label": name,
        "name": title,
        "app_url": address or next(iter(pages), ""),
        "has_module_perms": True,
        "models": models,
        "is_current": request.path == address or any(one["is_current"] for one in models),
    }


def page(name: str, title, address: str) -> dict:
    """Return a page as Django's templates expect a model that one may look at."""
    return {
        "name": title,
        "object_name": name,
        "admin_url": address,
        "add_url": None,
        "view_only": True,
    }
