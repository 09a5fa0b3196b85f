"""The pages of an institution's proposals, below /my/<institution>/proposals/; part of `calls`."""

from django.urls import path

from . import views, writing_views

BASE = "my/<slug:slug>/proposals/"
ONE = f"{BASE}<int:pk>/"

urlpatterns = [
    path(BASE, views.proposals, name="proposals"),
    path(f"{BASE}start/<slug:call>/", views.start, name="proposal_start"),
    path(ONE, views.proposal, name="proposal"),
    path(f"{ONE}check/", views.check, name="proposal_check"),
    path(f"{ONE}send/", writing_views.send, name="proposal_send"),
    path(f"{ONE}withdraw/", writing_views.withdraw, name="proposal_withdraw"),
    path(f"{ONE}discard/", writing_views.discard, name="proposal_discard"),
    path(f"{ONE}word/", writing_views.word, name="proposal_word"),
    path(f"{ONE}word/form.docx", writing_views.word_file, name="proposal_word_file"),
    path(f"{ONE}reminders/", writing_views.reminders, name="proposal_reminders"),
    path(f"{ONE}document/", views.document, name="proposal_document"),
    path(f"{ONE}proposal.docx", views.docx, name="proposal_docx"),
    path(f"{ONE}package.zip", views.package, name="proposal_package"),
    path(f"{ONE}papers/<int:paper>/", views.paper, name="proposal_paper"),
    path(f"{ONE}papers/<int:paper>/remove/", writing_views.remove_paper, name="proposal_unpaper"),
    path(f"{ONE}<slug:section>/", writing_views.section, name="proposal_section"),
]
