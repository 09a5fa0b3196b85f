"""The pages of a registration, below /meetings/<slug>/register/; part of `meetings`."""

from django.urls import include, path

from . import delegation_views, paper, question_views, views

person = [
    path("", delegation_views.person, name="register_person"),
    path("answers/", question_views.answers, name="register_answers"),
    path("answers/<int:question>/", question_views.answer_file, name="register_answer_file"),
    path("swap/", delegation_views.swap, name="register_swap"),
    path("withdraw/", delegation_views.withdraw_person, name="register_withdraw_person"),
    path("link/", delegation_views.own_link, name="register_own_link"),
]
delegation = [
    path("", delegation_views.delegation, name="delegation"),
    path("paper/", paper.note_request, name="register_paper"),
    path("people/", views.people, name="register_people"),
    path("people/sheet/", views.sheet, name="register_sheet"),
    path("workshops/", views.workshops, name="register_workshops"),
    path("questions/", question_views.questions, name="register_questions"),
    path("check/", views.check, name="register_check"),
    path("send/", views.send, name="register_send"),
    path("papers/<int:pk>/", delegation_views.meeting_paper, name="register_meeting_paper"),
    path("withdraw/", delegation_views.withdraw, name="register_withdraw"),
    path("discard/", delegation_views.discard, name="register_discard"),
    path("person/<int:pk>/", include(person)),
    path("place/<int:pk>/leave/", delegation_views.leave, name="register_leave"),
    path("offers/", delegation_views.offers, name="register_offers"),
]
urlpatterns = [
    path("", views.register, name="register"),
    path("<slug:institution>/", include(delegation)),
]
