"""Questions on /my/: the institution reads and answers, and nobody else."""

import pytest
from django.urls import reverse

from secretariat.enquiries import handling
from secretariat.enquiries.models import Enquiry
from sscnet.outbox.models import Message
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db
ANSWER = {"text": "很大。"}


@pytest.fixture
def institute():
    institution = make.Institution(name="Bamboo Institute")
    for role in ("focal_point", "deputy", "viewer"):
        make.Affiliation(institution=institution, role=role)
    return institution


@pytest.fixture
def enquiry(institute):
    """A question in Chinese that was passed on to the institute."""
    project = make.Project(title="Bamboo", submitter=institute)
    enquiry = handling.ask(make.Enquiry.build(project=project, question="多大？"))
    officer = make.Officer(name="Wang Li")
    handling.pass_on(enquiry, institute, by=officer, text="Please look.")
    return enquiry


def act_as(client, institution, role):
    client.force_login(institution.affiliations.get(role=role).user)


def address(enquiry, institution=None):
    slug = (institution or Enquiry.objects.get(pk=enquiry.pk).passed_to).slug
    return reverse("secretariat:question", args=[slug, enquiry.reference])


def list_of(institution):
    return reverse("secretariat:questions", args=[institution.slug])


@pytest.mark.parametrize("role", ["focal_point", "deputy"])
def test_who_may_write_answers_and_the_answer_goes_out(client, institute, enquiry, role):
    act_as(client, institute, role)
    page = text_of(client.get(address(enquiry)))
    assert '<div lang="zh-Hans"><p>多大？</p></div>' in page
    assert "Please look." in page
    assert "Lin Example" in page
    assert "lin@example.org" not in page

    response = client.post(address(enquiry), ANSWER, follow=True)

    page = text_of(response)
    assert "is being sent" in page
    assert "很大。" in page
    assert "<form" not in page.partition("<main")[2].partition('class="my"')[2]
    enquiry.refresh_from_db()
    assert enquiry.state == "answered"
    assert "很大。" in Message.objects.get(kind="enquiry-answered").text


def test_a_viewer_reads_only(client, institute, enquiry):
    act_as(client, institute, "viewer")

    assert address(enquiry) in client.get(list_of(institute)).content.decode()
    assert "多大？" in text_of(client.get(address(enquiry)))
    assert 'name="text"' not in client.get(address(enquiry)).content.decode()
    assert client.post(address(enquiry), ANSWER).status_code == 403
    assert Enquiry.objects.get().state == "passed_on"


def test_other_institutions_and_strangers_find_nothing(client, institute, enquiry):
    for page in (address(enquiry), list_of(institute)):
        assert "/accounts/login/" in client.get(page).url
    other = make.Affiliation()
    for user in (other.user, make.User()):
        client.force_login(user)
        for method in (client.get, client.post):
            assert method(address(enquiry)).status_code == 404
        assert client.get(list_of(institute)).status_code == 404
    client.force_login(other.user)
    assert client.get(address(enquiry, other.institution)).status_code == 404
    empty = client.get(list_of(other.institution))
    assert list(empty.context["page"]) == []
    assert "will appear here" in text_of(empty)


def test_a_question_taken_to_another_institution_is_gone_from_the_first(client, institute, enquiry):
    old = address(enquiry)
    handling.pass_on(enquiry, make.Affiliation().institution, by=make.User())
    act_as(client, institute, "focal_point")

    assert client.get(old).status_code == 404
    assert client.post(old, ANSWER).status_code == 404


def test_rights_end_with_the_affiliation_at_the_next_click(client, institute, enquiry):
    act_as(client, institute, "focal_point")
    page = address(enquiry)
    assert client.get(page).status_code == 200
    institute.affiliations.update(until="2024-02-01")

    assert client.post(page, ANSWER).status_code == 404
    assert not Message.objects.filter(kind="enquiry-answered").exists()


def test_the_second_answer_is_refused_and_stays_in_the_form(client, institute, enquiry):
    act_as(client, institute, "focal_point")
    deputy = institute.affiliations.get(role="deputy").user
    handling.answer(enquiry, "First.", by=deputy, institution=institute)

    page = text_of(client.post(address(enquiry), ANSWER))

    assert "answered or closed in the meantime" in page
    assert "很大。" in page
    assert Message.objects.filter(kind="enquiry-answered").count() == 1


def test_a_wrong_answer_is_told_and_not_sent(client, institute, enquiry):
    act_as(client, institute, "focal_point")
    for wrong in ({"text": ""}, {"text": "x" * 10_001}):
        response = client.post(address(enquiry), ANSWER | wrong)
        assert response.context["form"].errors.keys() == wrong.keys()
    assert Enquiry.objects.get().state == "passed_on"


def test_words_of_the_secretariat_to_another_institution_are_not_shown(client, institute, enquiry):
    other = make.Affiliation().institution
    handling.pass_on(enquiry, other, by=make.User(), text="They could not.")
    handling.pass_on(enquiry, institute, by=make.User(), text="Once more.")
    act_as(client, institute, "focal_point")

    page = text_of(client.get(address(enquiry)))

    assert "Once more." in page
    assert "They could not." not in page


def test_what_is_due_on_my_page_names_the_question_and_its_day(client, institute, enquiry):
    act_as(client, institute, "focal_point")
    my = reverse("secretariat:my_institution", args=[institute.slug])
    assert address(enquiry) in client.get(my).content.decode()

    client.post(address(enquiry), ANSWER)

    assert address(enquiry) not in client.get(my).content.decode()
    assert list_of(institute) in client.get(my).content.decode()
