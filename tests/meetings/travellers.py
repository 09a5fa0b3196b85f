"""What tests of travel share: people with a place, what they state, and issuing papers."""

from datetime import date

from meetings import places
from meetings.models import Passport, PassportData
from meetings.travel import documents
from sscnet.papers import issuing
from tests import make

LETTER, CERTIFICATE = "letter", "certificate"
NUMBER = "E98765432"
DATA = PassportData("LI WEI", NUMBER, "CN", date(2037, 1, 1))
SIGNATURE = "Wang Li\nDirector of the Secretariat"


def travel_meeting(**values):
    """A meeting that asks all that it may ask of travellers, and gives letters."""
    asked = {
        "title": "Annual meeting of the Network",
        "title_zh_hans": "合作网年会",
        "starts_on": date(2027, 3, 3),
        "ends_on": date(2027, 3, 5),
        "city": "Kunming",
        "city_zh_hans": "昆明",
        "retain_until": date(2027, 6, 5),
        "travel_asks": ["passport", "journey", "hotel"],
        "gives_letters": True,
        "signature": SIGNATURE,
        "signature_zh_hans": "王丽\n秘书处主任",
    }
    return make.Meeting(**asked | values)


def person_with_place(meeting, institution=None, *, passport=DATA, **values):
    """A confirmed delegate, of a delegation of its own unless the institution has one."""
    whose = {"institution": institution} if institution else {}
    delegation = meeting.delegations.filter(**whose).first() if institution else None
    delegation = delegation or make.Delegation(meeting=meeting, **whose)
    named = {"family_name": "Li", "given_names": "Wei", "chinese_name": "李伟"}
    named["consented_to"] = ["passport"]
    delegate = make.Delegate(delegation=delegation, **named | values)
    places.submit(delegation)
    if passport:
        Passport(delegate=delegate, data=passport).save()
    delegate.refresh_from_db()
    return delegate


def issued(holder, kind=LETTER):
    """Issue a paper, and make its PDF at once."""
    documents.issue([holder], kind, None)
    issuing.make_pdfs()
    return holder.issued_documents.filter(kind=kind).first()
