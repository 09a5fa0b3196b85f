"""A question in Chinese about the biogas digester, on real records: there and back."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from projects.models import Project
from secretariat.back_office import groups
from secretariat.enquiries.models import Enquiry
from sscnet.outbox.models import Message
from tests import make
from tests.pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network", "fresh_rate_limits")]

QUESTION = "玻璃钢沼气池在冬天寒冷的地区能用吗？\n\n我们在尼泊尔山区有一个村庄。"
ANSWER = "可以。请把池体埋在冻土层以下，并加盖保温。"


def page_of(response):
    assert response.status_code == 200
    return response.content.decode()


def path_in(mail, pattern):
    """Follow the link of a mail: the path after the portal's address."""
    return re.search(rf"https?://[^/\s]+({pattern})", mail.text)[1]


def test_a_question_in_chinese_about_the_digester_comes_back_answered(client, settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    project = Project.objects.get(fund_numbers__number="INT/10/K04")
    institute = project.submitter
    focal_point = make.Affiliation(institution=institute).user
    officer = make.Officer(name="Wang Li", group=groups.EDITORS)

    # A visitor finds the way to the form on the Chinese page, and asks.
    page = page_of(client.get(f"/zh-hans{project.get_absolute_url()}"))
    ask = re.search(r'href="(/zh-hans/ask/project/[^"?]+)"', page)[1]
    form = page_of(client.get(ask))
    assert project.title_zh_hans in form
    key = re.search(r'name="form_key" value="([^"]+)"', form)[1]
    values = {"form_key": key, "kind": "question", "question": QUESTION}
    response = client.post(ask, values | {"name": "林", "email": "lin@example.org"})
    enquiry = Enquiry.objects.get()
    assert response.url == f"/zh-hans/ask/{enquiry.reference}/"
    received = Message.objects.get(to="lin@example.org")
    assert enquiry.reference in received.subject + received.text
    assert project.title_zh_hans in received.subject

    # An officer opens the link in the mail and passes the question on to the institution suggested.
    arrived = Message.objects.get(to="secretariat@example.org")
    officers = signed_in(officer)
    admin = path_in(arrived, "/admin/[^\\s]+")
    response = officers.get(admin)
    assert "在冬天寒冷的地区" in page_of(response)
    steps = {name: form for name, _label, _button, form in response.context["steps"]}
    suggested = steps["pass_on"]["institution"].value()
    assert suggested == institute.pk
    officers.post(admin, {"_step": "pass_on", "pass_on-institution": suggested})

    # The focal point opens the link in the mail and answers in Chinese.
    passed_on = Message.objects.get(to=focal_point.email)
    people = signed_in(focal_point)
    mine = path_in(passed_on, "/zh-hans/my/[^\\s]+")
    assert "在冬天寒冷的地区" in page_of(people.get(mine))
    people.post(mine, {"text": ANSWER, "language": "zh-hans"})

    # The answer reaches the one who asked, in the frame of both languages.
    answered = Message.objects.get(kind="enquiry-answered")
    assert answered.to == "lin@example.org"
    assert answered.reply_to == "secretariat@example.org"
    assert answered.html.count(f'<p lang="zh-Hans" dir="auto">{ANSWER}</p>') == 2
    assert institute.name_zh_hans in answered.text
    assert focal_point.email not in answered.text

    # The Secretariat sees it and closes; each state has its date, for the one who asked too.
    assert ANSWER in page_of(officers.get(admin))
    officers.post(
        admin, {"_step": "close", "close-outcome": "answered", "close-language": "zh-hans"}
    )
    steps = list(enquiry.steps.values_list("state", "by", "institution"))
    assert steps == [
        ("new", None, None),
        ("passed_on", officer.pk, institute.pk),
        ("answered", focal_point.pk, institute.pk),
        ("closed", officer.pk, None),
    ]
    standing = page_of(client.get(path_in(answered, "/ask/[^\\s]+")))
    today = date_format(timezone.localdate())
    for state in ("New", "Passed on", "Answered", "Closed"):
        assert re.search(rf"{today}[^<]*</time> <strong>{state}</strong>", standing), state
    assert ANSWER not in standing
    assert reverse("secretariat:ask_project", args=[project.slug]) in ask
