"""The four roles of officers, as groups with permissions: who may do what in the admin.

An administrator stands beside them, and gives a person the right to see passports.
They are made after every migration, when all permissions exist, and may then exactly what is
written here: an upgrade also takes away. Other groups, for who needs more, are left alone.
"""

from collections.abc import Iterable

from django.apps import apps as installed
from django.utils.translation import gettext_noop

# Everything of the day, but passports and accounts.
OFFICER = gettext_noop("Officer")
# Enters records and proposes changes of what is public.
HELPER = gettext_noop("Helper")
# Records who attends a meeting.
DOOR = gettext_noop("Door")
# Looks at records, and scores the proposals given to him or her.
READER = gettext_noop("Reader")

RECORDS = [
    "calls.call",
    "meetings.meeting",
    "members.institution",
    "projects.project",
    "secretariat.page",
    "secretariat.publication",
]
PARTS = [
    "calls.calldocument",
    "calls.criterion",
    "calls.requiredpaper",
    "meetings.actionpoint",
    "meetings.agendaitem",
    "meetings.meetingapproval",
    "meetings.meetingcountry",
    "meetings.meetingdocument",
    "meetings.meetinginstitution",
    "meetings.meetingpicture",
    "meetings.meetingproject",
    "meetings.meetingquestion",
    "meetings.workshop",
    "members.institutionname",
    "members.institutionsector",
    "members.logo",
    "members.membership",
    "members.service",
    "projects.document",
    "projects.fundnumber",
    "projects.picture",
    "projects.projectcountry",
    "projects.projectinstitution",
    "projects.projectsdg",
    "projects.projectsector",
    "secretariat.pagepicture",
    "secretariat.publicationinstitution",
    "core.source",
]
CODE_LISTS = [
    "codelists.country",
    "codelists.dacsector",
    "codelists.pgtfarea",
    "codelists.sdg",
    "codelists.sector",
]
# Written by officers; like figures public as soon as they are saved.
TOPICS = ["codelists.topic"]
# Public as soon as they are saved, so they are for those who publish.
FIGURES = ["secretariat.datedfigure", "secretariat.redirect"]
# Written by the pages.
COUNTS = ["secretariat.dailycount"]
# Everybody sees a report once it is released, and it stays.
REPORTS = ["secretariat.reportsection", "secretariat.yearlyreport"]
# Words that the search takes for the same, and those it found nothing for.
SYNONYMS = ["search.synonym"]
UNMET_WORDS = ["search.unmetword"]
# The words of mails, but for those that carry codes or links: they are the administrators'
# (`sscnet.outbox.wordings.may_word`). The mails themselves nobody changes; they name delegates
# and who asked questions.
WORDINGS = ["outbox.wordingoverride"]
MAILS = ["outbox.message"]
# The register of papers, and what they look like.
ISSUED = ["papers.paper", "papers.papersettings", "papers.papertemplate"]
# What waits beside public records; who may publish a record decides on its versions.
VERSIONS = ["core.proposedversion"]
# Who may only read them sees the question, and not who asked.
QUESTIONS = ["secretariat.enquiry"]
# What institutions are asked for in writing. Answers are written by pages.
REQUESTS = ["secretariat.request"]
# What partners look for, and to whom it was introduced.
NEEDS = ["secretariat.introduction", "secretariat.need"]
OF_REQUESTS = ["secretariat.requestdocument", "secretariat.requestquestion"]
RESPONSES = ["secretariat.response", "secretariat.submission", "secretariat.submittedanswer"]
# Who comes to meetings: pages write them. Quotas are changed on a page that says what that does.
DELEGATIONS = ["meetings.changerequest", "meetings.delegate", "meetings.delegation"]
PLACES = ["meetings.offer", "meetings.workshopplace"]
QUOTAS = ["meetings.institutionquota"]
ATTENDANCE = ["meetings.attendance"]
# An affiliation lets a person act for an institution; a project's contact is one of the people.
PEOPLE = ["members.affiliation", "members.invitation", "members.user"]


def can(verbs: str, models: Iterable[str]) -> set[str]:
    """Name the permissions for each verb and model: `projects.add_project`."""
    return {
        f"{app}.{verb}_{model}"
        for app, model in (name.split(".") for name in models)
        for verb in verbs.split()
    }


# Which readings one sees is said by `Reading.objects.shown_to`: those given to him or her.
READER_MAY = can(
    "view",
    [
        *(*RECORDS, *PARTS, *CODE_LISTS, *TOPICS, *FIGURES, *REPORTS, *SYNONYMS),
        *(*QUOTAS, *VERSIONS, *QUESTIONS, *UNMET_WORDS, *COUNTS),
        *(*REQUESTS, *OF_REQUESTS, *RESPONSES, *NEEDS),
    ],
) | can("view change", ["calls.reading"])
HELPER_MAY = (
    READER_MAY
    | can("add change", RECORDS)
    | can("add change delete", [*PARTS, *REPORTS, *OF_REQUESTS])
    | can("view", [*PEOPLE, *DELEGATIONS, *PLACES, *WORDINGS, *ISSUED])
    | can("change", QUESTIONS)
    | can("add change", NEEDS)
)
OFFICER_MAY = (
    HELPER_MAY
    | can("publish delete", RECORDS)
    | can("add change delete", [*TOPICS, *FIGURES, *SYNONYMS, *WORDINGS])
    | can("change", [*CODE_LISTS, *DELEGATIONS, "secretariat.response"])
    | can("add change delete", REQUESTS)
    | {"secretariat.delete_need"}
    | can("add change", ["members.affiliation", "members.invitation"])
    | can("view change", ATTENDANCE)
    # Erasing cannot be undone; its protocols nobody changes.
    | can("add view", ["meetings.erasure"])
    | can("view", ["meetings.personexport", "meetings.delegateanswer", "core.retentionrun"])
    # Which proposals is said by `Proposal.objects.handled_by`. Nobody changes what was sent.
    | can("view decide", ["calls.proposal"])
    | can("add", ["calls.reading"])
    | can("view send_again", MAILS)
    | {"papers.keep_paper", "papers.add_papertemplate", "papers.change_papersettings"}
    | {"secretariat.release_yearlyreport", "meetings.issue_issueddocument"}
    | {"meetings.see_needs_delegate", "meetings.enter_delegation"}
)
# The page at the door shows names and states, and nothing else does.
DOOR_MAY = {"meetings.view_meeting"} | can("view change", ATTENDANCE)
GROUPS = {OFFICER: OFFICER_MAY, HELPER: HELPER_MAY, DOOR: DOOR_MAY, READER: READER_MAY}


def make_groups(*, apps=installed, using: str = "default", **kwargs) -> None:
    """Make the groups, each with exactly its permissions; a handler of `post_migrate`."""
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        # A migration of a single app, before there are groups.
        return
    permissions = permission_model.objects.using(using).select_related("content_type")
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in permissions}
    for name, names in GROUPS.items():
        group, _created = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.set(known[name] for name in names & known.keys())
