"""The pages of a registration, below /meetings/<slug>/register/; part of `meetings`."""

from django.urls import path

from . import delegation_views, paper, question_views, views

urlpatterns = [
    path("", views.register, name="register"),
    path("<slug:institution>/", delegation_views.delegation, name="delegation"),
    path("<slug:institution>/paper/", paper.note_request, name="register_paper"),
    path("<slug:institution>/people/", views.people, name="register_people"),
    path("<slug:institution>/people/sheet/", views.sheet, name="register_sheet"),
    path(
        "<slug:institution>/people/template.<str:format>", views.template, name="register_template"
    ),
    path("<slug:institution>/workshops/", views.workshops, name="register_workshops"),
    path("<slug:institution>/questions/", question_views.questions, name="register_questions"),
    path("<slug:institution>/rule/", views.rule, name="register_rule"),
    path("<slug:institution>/check/", views.check, name="register_check"),
    path("<slug:institution>/send/", views.send, name="register_send"),
    path("<slug:institution>/letter/", delegation_views.letter, name="register_letter"),
    path("<slug:institution>/withdraw/", delegation_views.withdraw, name="register_withdraw"),
    path("<slug:institution>/discard/", delegation_views.discard, name="register_discard"),
    path("<slug:institution>/person/<int:pk>/", delegation_views.person, name="register_person"),
    path(
        "<slug:institution>/person/<int:pk>/answers/",
        question_views.answers,
        name="register_answers",
    ),
    path(
        "<slug:institution>/person/<int:pk>/answers/<int:question>/",
        question_views.answer_file,
        name="register_answer_file",
    ),
    path("<slug:institution>/person/<int:pk>/swap/", delegation_views.swap, name="register_swap"),
    path(
        "<slug:institution>/person/<int:pk>/withdraw/",
        delegation_views.withdraw_person,
        name="register_withdraw_person",
    ),
    path(
        "<slug:institution>/person/<int:pk>/link/",
        delegation_views.own_link,
        name="register_own_link",
    ),
    path("<slug:institution>/place/<int:pk>/leave/", delegation_views.leave, name="register_leave"),
    path("<slug:institution>/offers/", delegation_views.offers, name="register_offers"),
]
