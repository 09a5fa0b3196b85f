"""Addresses of calls, and of an institution's proposals below /my/."""

from django.urls import include, path

from . import report_views
from .proposals import views as proposals
from .proposals import writing_views
from .public import views

app_name = "calls"
calls = [
    path("", views.call_list, name="list"),
    path("feed/", views.call_feed, name="feed"),
    path("<slug:slug>/", views.call_detail, name="detail"),
    path("<slug:slug>/round/", views.round_page, name="round"),
    path("<slug:slug>/round.csv", views.round_file, name="round_file"),
]
BASE = "my/<slug:slug>/proposals/"
ONE = f"{BASE}<int:pk>/"
REPORTS = f"{ONE}reports/"
urlpatterns = [
    path("calls/", include(calls)),
    path(REPORTS, report_views.report_list, name="reports"),
    path(f"{REPORTS}letter/", report_views.award_letter, name="award_letter"),
    path(f"{REPORTS}<int:report>/", report_views.report_file, name="report_file"),
    path(BASE, proposals.proposals, name="proposals"),
    path(f"{BASE}start/<slug:call>/", proposals.start, name="proposal_start"),
    path(ONE, proposals.proposal, name="proposal"),
    path(f"{ONE}check/", proposals.check, name="proposal_check"),
    path(f"{ONE}send/", writing_views.send, name="proposal_send"),
    path(f"{ONE}withdraw/", writing_views.withdraw, name="proposal_withdraw"),
    path(f"{ONE}discard/", writing_views.discard, name="proposal_discard"),
    path(f"{ONE}word/", writing_views.word, name="proposal_word"),
    path(f"{ONE}word/form.docx", writing_views.word_file, name="proposal_word_file"),
    path(f"{ONE}reminders/", writing_views.reminders, name="proposal_reminders"),
    path(f"{ONE}document/", proposals.document, name="proposal_document"),
    path(f"{ONE}proposal.docx", proposals.download, {"extension": "docx"}, name="proposal_docx"),
    path(f"{ONE}package.zip", proposals.download, {"extension": "zip"}, name="proposal_package"),
    path(f"{ONE}papers/<int:paper>/", proposals.paper, name="proposal_paper"),
    path(f"{ONE}papers/<int:paper>/remove/", writing_views.remove_paper, name="proposal_unpaper"),
    path(f"{ONE}<slug:section>/", writing_views.section, name="proposal_section"),
]
