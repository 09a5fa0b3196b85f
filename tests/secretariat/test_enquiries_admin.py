"""How officers handle questions, and who of them may."""

from datetime import date

import pytest
from django.urls import reverse

from secretariat.back_office import groups
from secretariat.enquiries import handling
from secretariat.enquiries.models import Enquiry
from sscnet.outbox.models import Message
from tests import make
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/secretariat/enquiry/"


def address(enquiry):
    return reverse("admin:secretariat_enquiry_change", args=[enquiry.pk])


def take(client, enquiry, step, **values):
    return client.post(address(enquiry), values | {"step": step}, follow=True)


def errors(response):
    found = response.context["form"].errors.values() if response.context else []
    return [str(text) for texts in found for text in texts]


# ------------------------------------------------------------------ the list


def test_the_list_has_what_is_overdue_on_top_and_is_narrowed_and_searched(client, editor):
    settled = make.Enquiry(due_on=date(2020, 1, 1))
    handling.close(settled, "answered", by=editor)
    open_one = make.Enquiry(due_on=date(2100, 1, 1))
    overdue = make.Enquiry(due_on=date(2020, 2, 1))

    response = client.get(LIST)

    assert list(response.context["cl"].result_list) == [overdue, open_one, settled]
    assert text_of(response).count("overdue since") == 1

    for query, number in {
        "due=overdue": 1,
        "due=open": 2,
        "state=new": 2,
        # By reference, words and person.
        "q=Q-": 3,
        "q=how does": 3,
        "q=lin@example.org": 3,
        "q=nothing": 0,
    }.items():
        assert client.get(f"{LIST}?{query}").context["cl"].result_count == number, query


# ------------------------------------------------------------------ the page


def test_the_page_shows_record_question_person_steps_and_mails(client, publisher):
    project = make.Project(title="Bamboo")
    enquiry = make.Enquiry.build(project=project, question="多大？")
    enquiry = handling.ask(enquiry)

    page = text_of(client.get(address(enquiry)))

    assert f'<a href="{project.get_absolute_url()}">Bamboo</a>' in page
    assert '<dd lang="zh-Hans"><p>多大？</p></dd>' in page
    assert "Lin Example" in page
    assert '<a href="mailto:lin@example.org">' in page
    assert "Your question about Bamboo: received" in page


def test_a_question_is_passed_on_to_the_institution_suggested(client, editor):
    submitter = make.Affiliation().institution
    enquiry = make.Enquiry(project=make.Project(submitter=submitter))
    form = client.get(address(enquiry)).context["form"]
    assert form["institution"].value() == submitter.pk

    take(client, enquiry, "pass_on", institution=submitter.pk, text="Please.")

    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.passed_to) == ("passed_on", submitter)
    assert enquiry.steps.get().by == editor


def test_only_institutions_with_somebody_to_answer_can_be_chosen(client, editor):
    enquiry = make.Enquiry()
    deserted = make.Affiliation(until="2024-02-01").institution
    viewed = make.Affiliation(role="viewer").institution

    for institution in (deserted, viewed, make.Institution()):
        response = take(client, enquiry, "pass_on", institution=institution.pk)
        assert errors(response)
    assert Enquiry.objects.get().state == "new"


def test_an_officer_answers(client, editor):
    enquiry = make.Enquiry()

    page = text_of(take(client, enquiry, "answer", text="Four metres."))

    assert "Four metres." in page
    assert "in the state “answered”" in page
    assert Message.objects.get(kind="enquiry-answered").to == "lin@example.org"


def test_an_officer_closes_with_an_outcome(client, editor):
    enquiry = make.Enquiry()
    assert errors(take(client, enquiry, "close"))

    page = text_of(take(client, enquiry, "close", outcome="corrected"))

    assert "Closed: record corrected" in page
    assert 'name="step"' not in page


def test_each_step_names_what_it_lacks_and_keeps_what_was_typed(client, editor):
    enquiry = make.Enquiry()
    for step, lacking in {"pass_on": "institution", "close": "outcome", "answer": "text"}.items():
        text = "" if step == "answer" else "We dig ponds."

        page = take(client, enquiry, step, text=text)

        assert list(page.context["form"].errors) == [lacking]
        assert text in text_of(page)
    assert enquiry.steps.count() == 0


def test_a_step_that_does_not_exist_changes_nothing(client, editor):
    enquiry = make.Enquiry()
    for step in ("nonsense", "", "__class__", "ask", "erase"):
        assert take(client, enquiry, step, text="Words").status_code == 200

    assert Enquiry.objects.get().state == "new"
    assert not Message.objects.exists()


def test_what_was_typed_stays_when_another_officer_was_quicker(client, editor):
    enquiry = make.Enquiry()
    handling.answer(enquiry, "First.", by=editor)

    response = take(client, enquiry, "answer", text="Second.")

    assert "nothing was sent" in errors(response)[0]
    assert "Second." in text_of(response)
    assert Message.objects.count() == 1


def test_a_wrong_answer_is_told_and_a_record_that_is_gone_and_the_erased_are_named(client, editor):
    enquiry = make.Enquiry(subject="Training in Chengdu")
    assert "Training in Chengdu" in text_of(client.get(address(enquiry)))
    for wrong in ("", " ", "x" * 10_001):
        assert errors(take(client, enquiry, "answer", text=wrong))
    handling.answer(enquiry, "Yes.", by=editor)
    handling.erase(enquiry)

    page = text_of(client.get(address(enquiry)))

    assert "Erased on" in page
    assert "mailto" not in page.partition("<main")[2]


# ------------------------------------------------------------------ who may


def test_who_reads_only_sees_the_question_and_not_who_asked(client):
    sign_in(client, groups.READER)
    enquiry = handling.ask(make.Enquiry.build())

    for page in (text_of(client.get(address(enquiry))), text_of(client.get(LIST))):
        assert enquiry.reference in page
        assert "lin@example.org" not in page
        assert "Lin Example" not in page
        assert 'name="step"' not in page
    assert client.get(LIST, {"q": "lin@example.org"}).context["cl"].result_count == 0

    response = take(client, enquiry, "close", outcome="no_question")

    assert response.status_code == 403
    assert Enquiry.objects.get().state == "new"


def test_nobody_adds_or_deletes_a_question(client, officer):
    enquiry = make.Enquiry()

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{enquiry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Enquiry.objects.count() == 1


def test_others_see_no_questions(client):
    enquiry = make.Enquiry()
    client.force_login(make.Officer())
    assert client.get(LIST).status_code == 403
    assert client.get(address(enquiry)).status_code == 403

    client.force_login(make.User())
    assert client.get(address(enquiry)).status_code == 302


def test_a_question_that_is_not_there_leads_back(client, editor):
    for key in ("0", "x", "99999999999999999999999"):
        assert client.get(f"{LIST}{key}/change/").status_code == 302
