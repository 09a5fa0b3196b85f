"""Groups of officers and their permissions: who may do what in the admin.

They are made after every migration, when all permissions exist. What is missing is added; what an
operator gave or made besides is left alone.
"""

from collections.abc import Iterable

from django.apps import apps as installed
from django.utils.translation import gettext_noop

EDITORS = gettext_noop("Editors")
PUBLISHERS = gettext_noop("Publishers")
READ_ONLY = gettext_noop("Read only")
MEETINGS_OFFICERS = gettext_noop("Meetings officers")
CHECK_IN_STAFF = gettext_noop("Door staff")
TRAVEL_OFFICERS = gettext_noop("Travel officers")
CALLS_OFFICERS = gettext_noop("Calls officers")
READERS = gettext_noop("Readers of proposals")

RECORDS = [
    "calls.call",
    "meetings.meeting",
    "members.institution",
    "projects.project",
    "secretariat.page",
    "secretariat.publication",
]
PARTS = [
    "calls.callanswer",
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
    "meetings.meetingseries",
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
    "projects.projectpurpose",
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
# Proposals, and that there are any, are for those who handle them; which of them an officer sees is
# said by `Proposal.objects.handled_by`. Nobody changes what was sent: steps are taken.
HANDLES_PROPOSALS = {
    *("calls.view_proposal", "calls.decide_proposal"),
    *("calls.view_reading", "calls.add_reading", "calls.change_reading"),
}
# Public as soon as they are saved, so they are for those who publish.
FIGURES = ["secretariat.datedfigure", "secretariat.redirect"]
# Written by editors; everybody sees a report once it is released, and it stays.
REPORTS = ["secretariat.reportsection", "secretariat.yearlyreport"]
# Words that the search takes for the same.
SYNONYMS = ["search.synonym"]
# What people asked for and did not find: written by the search.
UNMET_WORDS = ["search.unmetword"]
# The words of mails that go out to all, but for those that carry codes or links: they are the
# administrators' (`sscnet.outbox.wordings.may_word`). The mails themselves nobody changes.
WORDINGS = ["outbox.wordingoverride"]
MAILS = ["outbox.message"]
# What waits beside public records; who may publish a record decides on its versions.
VERSIONS = ["core.proposedversion"]
# Who may only read them sees the question, and not who asked.
QUESTIONS = ["secretariat.enquiry"]
# Addresses that get new projects by mail; who asks for it by other ways is removed there.
ALERTS = ["secretariat.alert"]
# What host and guests write of exchange visits; who may publish meetings releases it.
VISITS = ["meetings.visitstatement"]
# What speakers sent and nobody released yet.
PAPERS = ["meetings.speakerpaper"]
# Who comes to meetings. Pages write them; officers look, and decide.
DELEGATIONS = [
    "meetings.changerequest",
    "meetings.delegate",
    "meetings.delegation",
]
ANSWERS = ["meetings.delegateanswer"]
PLACES = ["meetings.offer", "meetings.workshopplace"]
# Changed on a page of their own, which says first what that does.
QUOTAS = ["meetings.institutionquota"]
# Lists of people by name, who took one, and who was there.
LISTS = ["meetings.savedlist"]
EXPORTS = ["meetings.personexport"]
ATTENDANCE = ["meetings.attendance"]
# Erasing cannot be undone; its protocols nobody changes.
ERASURES = ["meetings.erasure"]
# What the clock erased, in numbers.
RETENTION_RUNS = ["core.retentionrun"]
# An affiliation lets a person act for an institution; a project's contact is one of the people.
PEOPLE = ["members.affiliation", "members.invitation", "members.user"]


def can(verbs: str, models: Iterable[str]) -> set[str]:
    """Name the permissions for each verb and model: `projects.add_project`."""
    return {
        f"{app}.{verb}_{model}"
        for app, model in (name.split(".") for name in models)
        for verb in verbs.split()
    }


READ_ONLY_MAY = can(
    "view",
    [
        *(*RECORDS, *PARTS, *VISITS, *CODE_LISTS, *TOPICS, *FIGURES, *REPORTS, *SYNONYMS),
        *(*QUOTAS, *VERSIONS, *QUESTIONS, *UNMET_WORDS),
    ],
)
EDITORS_MAY = (
    READ_ONLY_MAY
    | can("add change", RECORDS)
    | can("add change delete", [*PARTS, *REPORTS])
    | can("view", [*PEOPLE, *DELEGATIONS, *PLACES])
    | can("change", [*QUESTIONS, *VISITS])
    | can("view", PAPERS)
    | can("view", [*MAILS, *WORDINGS])
)
PUBLISHERS_MAY = (
    EDITORS_MAY
    | can("publish delete", RECORDS)
    | can("add change delete", [*TOPICS, *FIGURES, *SYNONYMS, *WORDINGS])
    | can("send_again", MAILS)
    | {"secretariat.release_yearlyreport"}
    | can("change", [*CODE_LISTS, *DELEGATIONS])
    | can("add view", ERASURES)
    | can("view", [*EXPORTS, *RETENTION_RUNS])
    | can("view delete", ALERTS)
    | can("view change", ATTENDANCE)
    | can("add change delete view", LISTS)
    | can("add change", ["members.affiliation", "members.invitation"])
    | HANDLES_PROPOSALS
)
# They alone see e-mail, diet and needs of delegates. Changing places is publishing. A meeting is
# published with its sources; those of other records they only see, as they see these records.
MEETINGS_OFFICERS_MAY = (
    READ_ONLY_MAY
    | can("add change publish", ["meetings.meeting"])
    | can("add change delete", ["core.source"])
    | can("add change delete", [part for part in PARTS if part.startswith("meetings.")])
    | can("view", [*PEOPLE, *PLACES, *MAILS, *WORDINGS, *EXPORTS, *RETENTION_RUNS])
    | can("view change", [*DELEGATIONS, *ATTENDANCE, *VISITS])
    | can("view", PAPERS)
    | can("add change delete view", LISTS)
    | can("add view", ERASURES)
    | {"meetings.see_needs_delegate", "meetings.issue_issueddocument", "meetings.enter_delegation"}
    | can("view", ANSWERS)
)
# A call is published with its sources, and an award becomes a draft of the catalogue.
CALLS_OFFICERS_MAY = (
    READ_ONLY_MAY
    | can("add change publish delete", ["calls.call"])
    | can("add change delete", ["core.source"])
    | can("add change delete", [part for part in PARTS if part.startswith("calls.")])
    | can("add change", ["projects.project", "projects.fundnumber"])
    | can("view", [*MAILS, *WORDINGS])
    | HANDLES_PROPOSALS
)
# They see what is given to them to read, and of proposals nothing else.
READERS_MAY = can("view change", ["calls.reading"])
# The page at the door shows them names and states, and nothing else does.
CHECK_IN_STAFF_MAY = {"meetings.view_meeting"} | can("view change", ATTENDANCE)
# They alone see passports, beside what they need for letters, journeys and rooms.
TRAVEL_OFFICERS_MAY = {
    "meetings.view_meeting",
    "meetings.issue_issueddocument",
    "meetings.see_passport",
} | can("view", [*DELEGATIONS, *ATTENDANCE])
GROUPS = {
    EDITORS: EDITORS_MAY,
    PUBLISHERS: PUBLISHERS_MAY,
    READ_ONLY: READ_ONLY_MAY,
    MEETINGS_OFFICERS: MEETINGS_OFFICERS_MAY,
    CHECK_IN_STAFF: CHECK_IN_STAFF_MAY,
    CALLS_OFFICERS: CALLS_OFFICERS_MAY,
    READERS: READERS_MAY,
    TRAVEL_OFFICERS: TRAVEL_OFFICERS_MAY,
}


def make_groups(*, apps=installed, using: str = "default", **kwargs) -> None:
    """Make the groups, and give them the permissions they lack; a handler of `post_migrate`."""
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
        group.permissions.add(*(known[name] for name in sorted(names & known.keys())))
