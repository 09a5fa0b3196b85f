"""An institution with a row in every relation, for what merges, undoes and deletes."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from meetings import places
from meetings.models import (
    ActionPoint,
    Attendance,
    ChangeRequest,
    DelegateLink,
    InstitutionQuota,
    IssuedDocument,
    Meeting,
    MeetingInstitution,
    MeetingQuestion,
    Offer,
    PaperRequest,
    Passport,
    PassportLook,
    PersonExport,
    Traveller,
)
from members.models import Logo, RosterEntry
from members.profiles import proposals
from members.profiles.fields import profile_of
from secretariat.models import Publication, Request
from secretariat.requests import handling
from sscnet.outbox.models import Message
from tests import make


def meeting_of_everything():
    meeting = make.Meeting(
        capacity=6, quota=4, giving=Meeting.Giving.OFFERS, answer_hours=48, title="Annual meeting"
    )
    make.Workshop(meeting=meeting, capacity=2, title="Biogas")
    MeetingQuestion.objects.create(meeting=meeting, text="Hotel?", kind="text")
    return meeting


def stored(name):
    return default_storage.save(name, ContentFile(b"letter"))


def with_everything(institution, meeting, call, person, project=None, people=3):
    """Give an institution a row in every relation, and its delegates too."""
    delegation = make.Delegation(meeting=meeting, institution=institution, people=people)
    delegation.delegates.first().workshop_places.create(workshop=meeting.workshops.get())
    InstitutionQuota.objects.create(meeting=meeting, institution=institution, quota=people)
    places.submit(delegation)
    for delegate in delegation.delegates.all():
        delegate.email = f"d{delegate.pk}@example.org"
        delegate.roster_entry = RosterEntry.objects.create(
            institution=institution, family_name=delegate.family_name
        )
        delegate.consented_to = ["passport"]
        delegate.save()
        DelegateLink.renew(delegate)
        delegate.answers.create(
            question=meeting.questions.get(), text="Yes", file=stored("answer.pdf")
        )
        Attendance.objects.create(meeting=meeting, delegate=delegate)
        Traveller.objects.create(delegate=delegate, arrives_by="CA 983")
        Passport.objects.create(delegate=delegate, sealed="x")
        PassportLook.objects.create(delegate=delegate, by=person)
        IssuedDocument.objects.create(meeting=meeting, delegate=delegate, kind="letter")
        ChangeRequest.objects.create(delegation=delegation, delegate=delegate, change="edit")
        Offer.objects.create(delegate=delegate, answer="void", answer_by=delegate.created_at)
        export = PersonExport.objects.create(meeting=meeting, columns=[], people=1)
        export.delegates.add(delegate)
    delegation.return_slips.create(file=stored("slip.pdf"))
    PaperRequest.objects.create(
        delegation=delegation, asked_by="Wang", way="fax", asked_on=date(2026, 1, 1)
    )
    sent = make.Proposal(
        call=call, institution=institution, state="received", asked=10, countries=[make.Country()]
    )
    make.Reading(proposal=sent)
    make.Proposal(call=call, institution=institution).partners.create(institution=institution)
    affiliation = make.Affiliation(institution=institution, user=person)
    make.Invitation(institution=institution, hands_over=affiliation, email="next@example.org")
    make.InstitutionName(institution=institution)
    make.InstitutionSector(institution=institution)
    make.Service(institution=institution)
    asked = make.Enquiry(institution=institution, passed_to=institution, state="passed_on")
    asked.steps.create(state="passed_on", institution=institution)
    make.ProjectInstitution(institution=institution, **({"project": project} if project else {}))
    ActionPoint.objects.create(
        meeting=meeting, institution=institution, text="Do it", due_on="2027-01-01"
    )
    MeetingInstitution.objects.create(meeting=meeting, institution=institution)
    Request.objects.create(title="Vote", rule="half", candidate=institution)
    asked = Request.objects.create(title="Request", closes_at=timezone.now() + timedelta(days=1))
    question = asked.questions.create(kind="text", text="What is missing?")
    [response] = handling.open_to(asked, [institution], None)
    response.answers.create(question=question, text="Two projects")
    handling.send(response, person)
    make.Introduction(institution=institution)
    logo = Logo(institution=institution, alt="A flame", is_current=True, image=stored("logo.webp"))
    logo.width = logo.height = 1
    Logo.objects.bulk_create([logo])
    Publication.objects.create(title="Biogas", project=project).publication_institutions.create(
        institution=institution
    )
    make.Institution(successor=institution)
    make.Institution(merged_into=institution)
    make.Source(record=institution)
    mail = {"key": f"about-{institution.pk}", "to": "a@example.org", "next_try_at": call.closes_at}
    Message.objects.create(about=institution, **mail)
    values = profile_of(institution) | {"description": "New", "logo": logo.pk}
    values["aliases"] = [*values["aliases"], "Proposed"]
    draft = proposals.save_draft(institution, values, by=person)
    proposals.send(draft, person)
    return delegation
