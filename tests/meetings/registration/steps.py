"""What tests of a registration share: what a browser sends, page by page."""

from django.urls import reverse

from meetings import places
from meetings.models import Delegation
from members.models import Affiliation
from tests import make

EDITING = [Affiliation.Role.FOCAL_POINT, Affiliation.Role.DEPUTY]

# Names that break naive forms: one word, sixty letters, signs, a rare character, no given name.
NAMES = [
    {"family_name": "Sukarno"},
    {"family_name": "W" * 60, "given_names": "A"},
    {"family_name": "O'Brien", "given_names": "Siobhán"},
    {"family_name": "Smith-Jones", "given_names": "Ana-María"},
    {"chinese_name": "𠮷䶮", "family_name": "Ji", "given_names": "Yan"},
    {"chinese_name": "欧阳娜娜", "family_name": "Ouyang", "given_names": "Nana"},
    {"family_name": "de la Cruz y Fernández", "given_names": "José María"},
    {"family_name": "Nguyễn", "given_names": "Thị Ánh"},
    {"chinese_name": "阿卜杜拉·买买提", "family_name": "Abdulla", "given_names": "Memet"},
    {"family_name": "<b>Bold</b>", "given_names": '"Quote" & Co'},
]


def address(meeting, institution, page="delegation", *more):
    name = "meetings:delegation" if page == "delegation" else f"meetings:register_{page}"
    return reverse(name, args=[meeting.slug, institution.slug, *more])


def typed(people, version=0, then="continue"):
    """Give the form of the people's page as a browser sends it."""
    data = {"people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0}
    data |= {"version": version, "then": then}
    for n, person in enumerate(people):
        data |= {f"people-{n}-{name}": value for name, value in person.items()}
    return data


def person(n):
    return {"family_name": f"Family{n}", "given_names": "Given"}


def delegation_of(meeting, institution):
    return Delegation.objects.get(meeting=meeting, institution=institution)


def sent(meeting, institution, people=2, workshops=(), **fields):
    delegation = make.Delegation(
        meeting=meeting,
        institution=institution,
        people=people,
        people__workshops=list(workshops),
        **fields,
    )
    places.submit(delegation)
    delegation.refresh_from_db()
    return delegation


def ready(meeting, institution, people, workshop, rule):
    return make.Delegation(
        meeting=meeting,
        institution=institution,
        people=people,
        people__workshops=[workshop],
        rule=rule,
    )


def send(client, meeting, institution, token=None):
    token = token or delegation_of(meeting, institution).submission_token
    return client.post(address(meeting, institution, "send"), {"token": str(token)}, follow=True)
