"""The way of a question, from the Secretariat to an institution and back to who asked."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from members.models import Affiliation
from secretariat.enquiries import handling
from secretariat.enquiries.handling import answer, ask, close, pass_on
from secretariat.enquiries.models import Enquiry, urgent_first
from sscnet.outbox.due import run_registered
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.test_places_at_once import at_once

pytestmark = pytest.mark.django_db
YESTERDAY = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"


@pytest.fixture
def officer():
    return make.Officer(name="Wang Li")


@pytest.fixture
def institute():
    """An institution with a focal point, a deputy, a viewer and one who left."""
    institution = make.Institution(name="Bamboo Institute")
    for name in ("focal_point", "deputy", "viewer"):
        user = make.User(email=f"{name}@example.org")
        make.Affiliation(institution=institution, user=user, role=name)
    gone = make.User(email="gone@example.org")
    make.Affiliation(institution=institution, user=gone, until="2024-02-01")
    return institution


def focal_point(institution):
    return institution.affiliations.current().get(role=Affiliation.Role.FOCAL_POINT).user


def asked(**values):
    return ask(make.Enquiry.build(**values))


def receivers(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("to", flat=True))


def states(enquiry):
    return list(enquiry.steps.values_list("state", "by__name", "institution__name"))


# ------------------------------------------------------------------ steps


def test_each_step_is_dated_and_says_by_whom(officer, institute):
    enquiry = asked()
    before = timezone.now()

    pass_on(enquiry, institute, by=officer)
    answer(enquiry, "So and so.", by=focal_point(institute), institution=institute)
    close(enquiry, "answered", by=officer)

    assert states(enquiry) == [
        ("new", None, None),
        ("passed_on", "Wang Li", "Bamboo Institute"),
        ("answered", "", "Bamboo Institute"),
        ("closed", "Wang Li", None),
    ]
    moments = [step.at for step in enquiry.steps.all()]
    assert moments == sorted(moments)
    assert all(before <= moment <= timezone.now() for moment in moments[1:])
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.outcome) == ("closed", "answered")
    assert enquiry.settled_at == moments[-1]


def test_passing_on_writes_to_those_who_may_answer_and_no_others(officer, institute):
    enquiry = asked(question="多大？")

    pass_on(enquiry, institute, by=officer, text="Please look.")

    assert receivers("enquiry-passed-on") == ["deputy@example.org", "focal_point@example.org"]
    mail = Message.objects.filter(kind="enquiry-passed-on").first()
    address = f"/my/{institute.slug}/questions/{enquiry.reference}/"
    for words in ("Please look.", "多大？", "Bamboo Institute", address, f"/zh-hans{address}"):
        assert words in mail.text
    assert "lin@example.org" not in mail.text
    assert mail.about == enquiry


def test_passing_on_twice_to_the_same_writes_once_and_to_another_again(officer, institute):
    enquiry = asked()
    with pytest.raises(ValidationError, match="Nobody acts"):
        pass_on(enquiry, make.Institution(), by=officer)
    assert receivers("enquiry-passed-on") == []
    assert states(enquiry) == [("new", None, None)]
    other = make.Affiliation().institution
    pass_on(enquiry, institute, by=officer)

    with pytest.raises(ValidationError, match="already"):
        pass_on(enquiry, institute, by=officer)
    pass_on(enquiry, other, by=officer)

    assert len(receivers("enquiry-passed-on")) == 3
    enquiry.refresh_from_db()
    assert enquiry.passed_to == other
    with pytest.raises(ValidationError, match="another institution"):
        answer(enquiry, "Late.", by=focal_point(institute), institution=institute)


def test_the_answer_comes_in_its_own_language_in_the_frame_of_both(officer, institute):
    enquiry = asked(question="多大？\n\n多高？")
    pass_on(enquiry, institute, by=officer)

    answer(enquiry, "很大。", by=focal_point(institute), institution=institute)

    mail = Message.objects.get(kind="enquiry-answered")
    assert (mail.to, mail.reply_to) == ("lin@example.org", "secretariat@example.org")
    assert mail.html.count('<p lang="zh-Hans" dir="auto">很大。</p>') == 2
    assert mail.html.count('<p lang="zh-Hans" dir="auto">多高？</p>') == 2
    assert '<p lang="zh-Hans" dir="auto">Your' not in mail.html
    assert "Bamboo Institute" in mail.text
    assert "focal_point@example.org" not in mail.text


def test_the_secretariat_answers_itself_and_closing_it_then_writes_no_second_mail(officer):
    enquiry = asked()

    answer(enquiry, "Yes.", by=officer)
    close(enquiry, "corrected", by=officer)

    mail = Message.objects.get(kind="enquiry-answered")
    assert "has been answered by the Secretariat." in mail.text
    assert "wang" not in mail.text.lower()
    assert receivers("enquiry-closed") == []


def test_a_question_is_answered_once(officer, institute):
    enquiry = asked()
    pass_on(enquiry, institute, by=officer)
    deputy = institute.affiliations.get(role="deputy").user
    answer(enquiry, "First.", by=deputy, institution=institute)

    with pytest.raises(ValidationError, match="in the meantime"):
        answer(enquiry, "Second.", by=focal_point(institute), institution=institute)

    assert receivers("enquiry-answered") == ["lin@example.org"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_the_same_moment_one_is_told_so(institute, officer):
    enquiry = asked()
    pass_on(enquiry, institute, by=officer)

    results = at_once(
        *(
            partial(answer, enquiry, words, by=officer, institution=institute)
            for words in ("First.", "Second.")
        )
    )

    assert [type(result) for result in results].count(ValidationError) == 1
    assert Message.objects.filter(kind="enquiry-answered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_the_same_moment_is_one_question():
    results = at_once(*[partial(asked, sent_key="one")] * 4)

    assert {result.pk for result in results} == {Enquiry.objects.get().pk}
    assert Message.objects.filter(to="lin@example.org").count() == 1


@pytest.mark.parametrize(
    ("outcome", "words", "is_mailed"),
    [
        ("corrected", "", True),
        ("not_for_us", "", True),
        ("no_reply_possible", "", False),
        ("no_question", "", False),
        ("answered", "By telephone.", True),
    ],
)
def test_closing_tells_who_asked_what_they_want_to_know(officer, outcome, words, is_mailed):
    enquiry = asked()

    close(enquiry, outcome, by=officer, text=words)

    assert bool(receivers("enquiry-closed")) == is_mailed
    assert all(words in mail.text for mail in Message.objects.filter(kind="enquiry-closed"))


def test_a_closed_question_stays_closed(officer, institute):
    enquiry = asked()
    close(enquiry, "no_question", by=officer)

    for step in (
        lambda: pass_on(enquiry, institute, by=officer),
        lambda: answer(enquiry, "Late.", by=officer),
        lambda: close(enquiry, "answered", by=officer),
    ):
        with pytest.raises(ValidationError):
            step()
    assert len(states(enquiry)) == 2


def test_who_would_know_is_suggested(institute):
    project = make.Project(submitter=institute)

    assert make.Enquiry(project=project).suggested_institution == institute
    assert make.Enquiry(institution=institute).suggested_institution == institute
    assert make.Enquiry().suggested_institution is None


# ------------------------------------------------------------------ overdue


def test_overdue_is_what_is_open_after_its_day_and_comes_first(officer):
    settled = [make.Enquiry(due_on=YESTERDAY) for _n in range(2)]
    for enquiry in settled:
        close(enquiry, "answered", by=officer)
    today = make.Enquiry(due_on=timezone.localdate())
    later = make.Enquiry(due_on=YESTERDAY + timedelta(days=2))
    sooner = make.Enquiry(due_on=YESTERDAY + timedelta(days=1))

    assert set(Enquiry.objects.overdue()) == {sooner, later}
    assert later.is_overdue
    # Open by day, then settled by newest.
    urgent = list(Enquiry.objects.order_by(*urgent_first()))
    assert urgent == [sooner, later, today, *reversed(settled)]


def test_an_overdue_question_is_reminded_of_once(officer, institute):
    enquiry = make.Enquiry(due_on=YESTERDAY)
    pass_on(enquiry, institute, by=officer)
    make.Enquiry(due_on=timezone.localdate())

    assert run_registered() == []
    assert run_registered() == []
    pass_on(enquiry, make.Affiliation().institution, by=officer)
    assert run_registered() == []

    assert receivers("enquiry-overdue") == ["deputy@example.org", "focal_point@example.org"]
    assert receivers("enquiry-waits") == []


@pytest.mark.parametrize("has_institution", [True, False])
def test_where_nobody_can_answer_the_secretariat_is_reminded(officer, institute, has_institution):
    enquiry = make.Enquiry(due_on=YESTERDAY)
    if has_institution:
        pass_on(enquiry, institute, by=officer)
        institute.affiliations.update(until="2024-02-01")

    handling.remind_of_overdue()
    handling.remind_of_overdue()

    assert receivers("enquiry-waits") == ["secretariat@example.org"]
    assert receivers("enquiry-overdue") == []


def test_without_a_mailbox_questions_come_in_all_the_same(settings):
    settings.SECRETARIAT_MAILBOX = ""
    enquiry = asked(due_on=YESTERDAY)

    handling.remind_of_overdue()

    assert receivers("enquiry-received") == ["lin@example.org"]
    enquiry.refresh_from_db()
    assert enquiry.reminded_at


# ------------------------------------------------------------------ what is erased


def test_who_asked_is_erased_when_the_time_is_over(settings, officer):
    settings.ENQUIRY_RETENTION_DAYS = 365
    old, young, open_one = asked(sent_key="a"), asked(sent_key="b"), asked(sent_key="c")
    for enquiry, days in ((old, 365), (young, 364)):
        answer(enquiry, "Yes.", by=officer)
        moment = timezone.now() - timedelta(days=days)
        Enquiry.objects.filter(pk=enquiry.pk).update(settled_at=moment)
    Message.objects.filter(kind="enquiry-received").update(sent_at=timezone.now())

    assert run_registered() == []

    kept = {e.pk: (e.name, e.email) for e in Enquiry.objects.all()}
    assert kept == {
        old.pk: ("", ""),
        young.pk: ("Lin Example", "lin@example.org"),
        open_one.pk: ("Lin Example", "lin@example.org"),
    }
    of_old = Message.objects.about(old)
    assert {(m.kind, m.to, m.text, m.html) for m in of_old.exclude(kind="enquiry-arrived")} == {
        ("enquiry-received", "", "", "")
    }
    assert Message.objects.about(young).filter(to="lin@example.org").count() == 2


def test_nothing_in_the_database_remembers_who_was_erased(officer, institute):
    """No history, no log, no mail: every text column of every table is looked through."""
    enquiry = asked(name="Zzyzx Person", email="zzyzx@example.org", organisation="Zzyzx Ltd")
    pass_on(enquiry, institute, by=officer)
    answer(enquiry, "Yes.", by=focal_point(institute), institution=institute)
    close(enquiry, "answered", by=officer)
    assert tables_with("zzyzx")

    handling.erase(enquiry)

    assert tables_with("zzyzx") == []


def tables_with(word):
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT 1 FROM {name} AS t WHERE t::text ILIKE %s", [f"%{word}%"])
            found += [table] if cursor.fetchone() else []
    return found


def test_after_erasing_a_question_can_only_be_closed(officer, institute):
    enquiry = asked()
    answer(enquiry, "Yes.", by=officer)
    handling.erase(enquiry)

    with pytest.raises(ValidationError):
        pass_on(enquiry, institute, by=officer)
    close(enquiry, "answered", by=officer, text="Bye.")

    assert receivers("enquiry-closed") == []
