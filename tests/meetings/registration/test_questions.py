"""A meeting's own questions to its delegates: answered person by person, listed and counted."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from meetings import places
from meetings.models import Delegate, DelegateAnswer, DelegateLink, MeetingQuestion
from meetings.office.next_year import make_next
from meetings.persons import erasing
from secretariat.back_office import groups
from tests import make
from tests.meetings.desk import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def size(meeting):
    return MeetingQuestion.objects.create(
        meeting=meeting, kind="choice", text="Which size of shirt?", text_zh_hans="什么尺码？",
        choices="Small\nLarge", choices_zh_hans="小\n大", is_required=True,
    )  # fmt: skip


@pytest.fixture
def topic(meeting):
    return MeetingQuestion.objects.create(meeting=meeting, kind="text", text="Which topic?")


@pytest.fixture
def paper(meeting):
    return MeetingQuestion.objects.create(meeting=meeting, kind="file", text="Your paper?")


def typed(delegate, answers, **more):
    names = {f"delegate-{delegate.pk}-question-{q.pk}": value for q, value in answers.items()}
    return names | {"version": delegate.delegation.lock_version, "then": "continue"} | more


def a_file(content=LETTER):
    return SimpleUploadedFile("mine.pdf", content)


def test_a_step_of_the_registration_asks_each_person(
    client, at, begun, focal_point, size, topic, paper
):
    delegation = begun(people=1)
    delegate = delegation.delegates.get()
    page = at("questions")

    missing = client.post(page, typed(delegate, {topic: "Bamboo"}))
    assert "Which size of shirt?: This field is required." in text_of(missing)
    check = client.get(at("check"))
    assert f"Answers of {delegate} are missing." in text_of(check)

    delegate.delegation.refresh_from_db()
    answers = typed(delegate, {size: "2", topic: "Bamboo", paper: a_file()})
    assert client.post(page, answers).url == at("check")
    given = {str(answer.question): str(answer) for answer in delegate.answers.all()}
    assert given == {
        "Which size of shirt?": "Large",
        "Which topic?": "Bamboo",
        "Your paper?": "PDF",
    }
    assert "Which size of shirt? Large" in text_of(client.get(at("check")))
    file = at("answer_file", delegate.pk, paper.pk)
    assert b"".join(client.get(file)) == LETTER


def test_a_wrong_answer_is_said_and_a_right_one_sent_by_the_own_link(
    client, at, registered, focal_point, size, topic, paper
):
    delegate = registered(people=1).delegates.get()
    for question, value in ((size, "3"), (topic, "a" * 1001), (paper, a_file(b"MZ\x90\x00"))):
        answers = typed(delegate, {size: "1"} | {question: value})
        page = client.post(at("answers", delegate.pk), answers)
        assert list(page.context["form"].errors) == [f"question-{question.pk}"]
        assert not delegate.answers.exists()

    link = DelegateLink.renew(delegate)
    answers = typed(delegate, {size: "1", topic: "Water", paper: a_file()})
    client.post(link.path("own_answers"), answers)
    page = text_of(client.get(link.path()))
    assert "Water" in page
    file = link.path("own_answer_file", paper.pk)
    assert file in page
    assert b"".join(client.get(file)) == LETTER


def test_two_who_answer_at_once_lose_nothing_and_a_discarded_draft_leaves_no_file(
    client, at, begun, focal_point, topic, paper, django_capture_on_commit_callbacks
):
    delegation = begun(people=1)
    delegate = delegation.delegates.get()
    page = at("questions")
    client.post(page, typed(delegate, {topic: "First"}))
    second = client.post(page, typed(delegate, {topic: "Second"}))
    assert "Somebody else has saved this in the meantime" in text_of(second)
    assert delegate.answers.get().text == "First"

    answer = DelegateAnswer.objects.create(
        delegate=delegation.delegates.get(), question=paper, file=a_file()
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("discard"))
    assert not default_storage.exists(answer.file.name)


def test_answers_belong_to_the_person(
    registered, topic, size, paper, django_capture_on_commit_callbacks
):
    first, second = registered(people=2).delegates.all()
    for delegate in (first, second):
        DelegateAnswer.objects.create(delegate=delegate, question=topic, text="Mine")
        DelegateAnswer.objects.create(delegate=delegate, question=size, chosen=[1])
        DelegateAnswer.objects.create(delegate=delegate, question=paper, file=a_file())
    files = list(DelegateAnswer.objects.exclude(file="").values_list("file", flat=True))

    with django_capture_on_commit_callbacks(execute=True):
        places.swap(first, {"family_name": "New"})
        erasing.erase_person(second)

    # Of the erased person the choice stays, for the figures.
    left = DelegateAnswer.objects.values_list("delegate", "question", "text", "chosen", "file")
    assert sorted(left) == sorted(
        (second.pk, q.pk, "", chosen, "") for q, chosen in ((topic, []), (size, [1]), (paper, []))
    )
    assert [default_storage.exists(name) for name in files] == [False, False]


def test_officers_list_export_and_count_the_answers(client, registered, meeting, size, topic):
    one, two = registered(people=2).delegates.all()
    DelegateAnswer.objects.create(delegate=one, question=size, chosen=[1])
    DelegateAnswer.objects.create(delegate=two, question=size, chosen=[2])
    DelegateAnswer.objects.create(delegate=two, question=topic, text="Bamboo")
    Delegate.objects.filter(pk=two.pk).update(family_name="Twofamily")
    client.force_login(make.Officer(group=groups.OFFICER))
    chosen = {"columns": ["family_name", f"question-{topic.pk}"], "answer": f"{size.pk}-2"}

    listed = client.get(reverse("admin:meetings_meeting_desk_list", args=[meeting.pk]), chosen)
    assert listed.context["rows"] == [["Twofamily", "Bamboo"]]
    export = client.post(
        reverse("admin:meetings_meeting_desk_file", args=[meeting.pk]), chosen | {"format": "xlsx"}
    )
    sheet = load_workbook(BytesIO(export.content)).active
    assert list(sheet.values) == [("family name", "Which topic?"), ("Twofamily", "Bamboo")]
    figures = client.get(reverse("admin:meetings_meeting_desk_figures", args=[meeting.pk]))
    chosen = figures.context["figures"].sections[-1].table.rows
    assert [(one.label, one.number.value) for one in chosen] == [("Small", 1), ("Large", 1)]
    opened = client.get(chosen[1].number.address)
    assert opened.context["count"] == 1
    person = client.get(reverse("admin:meetings_delegate_change", args=[two.pk]))
    assert "Bamboo" in text_of(person)

    client.force_login(make.Officer(group=groups.HELPER))
    hidden = client.get(reverse("admin:meetings_meeting_desk_list", args=[meeting.pk]))
    assert "Which topic?" not in text_of(hidden)
    person = client.get(reverse("admin:meetings_delegate_change", args=[two.pk]))
    assert "Bamboo" not in text_of(person)


def test_an_answered_question_keeps_its_meaning(registered, meeting, size):
    delegate = registered(people=1).delegates.get()
    DelegateAnswer.objects.create(delegate=delegate, question=size, chosen=[2])

    def errors(**values):
        for name, value in values.items():
            setattr(size, name, value)
        try:
            size.full_clean()
        except Exception as error:
            return list(error.message_dict)
        return []

    assert errors(choices="Small\nVery large", choices_zh_hans="小\n特大") == []
    assert errors(choices="Small\nLarge\nHuge", choices_zh_hans="小\n大\n特大") == ["choices"]
    assert errors(choices="Small\nLarge", choices_zh_hans="小") == ["choices_zh_hans"]
    assert errors(choices="Large", choices_zh_hans="") == ["choices"]
    assert errors(kind="text") == ["kind"]
    (copied,) = make_next(meeting).questions.all()
    assert copied.text_zh_hans == "什么尺码？"
