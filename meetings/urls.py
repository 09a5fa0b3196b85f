from django.urls import include, path, re_path

from . import views
from .my import activities as own_activities
from .office.check_in.own import at_the_door, own_check_in
from .persons import own_data
from .programme.activities import ActivityFilter
from .registration import delegation_views, paper
from .registration import views as registration
from .travel import checking, ready
from .travel import views as travel

app_name = "meetings"
ready_pages = [
    path("", ready.ready, name="register_ready"),
    path("slip/", ready.slip_paper, name="register_slip"),
    path("slip/<int:pk>/", ready.slip_file, name="register_slip_file"),
]
person_pages = [
    path("", delegation_views.person, name="register_person"),
    path("answers/", delegation_views.answers, name="register_answers"),
    path("answers/<int:question>/", delegation_views.answer_file, name="register_answer_file"),
    path("swap/", delegation_views.swap, name="register_swap"),
    path("withdraw/", delegation_views.withdraw_person, name="register_withdraw_person"),
    path("link/", delegation_views.own_link, name="register_own_link"),
    path("travel/", travel.travel_of, name="register_travel"),
]
delegation_pages = [
    path("", delegation_views.delegation, name="delegation"),
    path("paper/", paper.note_request, name="register_paper"),
    path("people/", registration.people, name="register_people"),
    path("people/sheet/", registration.sheet, name="register_sheet"),
    path("workshops/", registration.workshops, name="register_workshops"),
    path("questions/", registration.questions, name="register_questions"),
    path("check/", registration.check, name="register_check"),
    path("send/", registration.send, name="register_send"),
    path("papers/<int:pk>/", delegation_views.meeting_paper, name="register_meeting_paper"),
    path("withdraw/", delegation_views.withdraw, name="register_withdraw"),
    path("discard/", delegation_views.discard, name="register_discard"),
    path("person/<int:pk>/", include(person_pages)),
    path("person/<int:person>/document/<int:pk>/", travel.document_of, name="register_document"),
    path("place/<int:pk>/leave/", delegation_views.leave, name="register_leave"),
    path("offers/", delegation_views.offers, name="register_offers"),
    path("ready/", include(ready_pages)),
]
meetings = [
    path("", views.meeting_list, name="list"),
    path("feed/", views.meeting_feed, name="feed"),
    path("calendar.ics", views.calendar_all, name="calendar_all"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)$", views.meeting_file, name="file"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    path("<slug:slug>/register/", registration.register, name="register"),
    path("<slug:slug>/register/<slug:institution>/", include(delegation_pages)),
    path("<slug:slug>/", views.meeting_detail, name="detail"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
]
OF_ACTIVITIES = {"filterset": ActivityFilter, "name": "activities"}
activities = [
    path("", views.meeting_list, OF_ACTIVITIES, name="list"),
    path("feed/", views.activity_feed, name="feed"),
    path("calendar.ics", views.calendar_all, OF_ACTIVITIES, name="calendar_all"),
    re_path(
        r"^export\.(?P<extension>csv|xlsx|json)$", views.meeting_file, OF_ACTIVITIES, name="file"
    ),
    path("values/<slug:name>/", views.activity_values, name="values"),
    path("<slug:slug>/", views.meeting_detail, name="detail"),
]
own_pages = [
    path("", own_data.own_data, name="own_data"),
    path("correct/", own_data.correct, name="own_data_correct"),
    path("consent/", own_data.withdraw, name="own_data_consent"),
    path("agree/", own_data.agree, name="own_data_agree"),
    path("erase/", own_data.erase, name="own_data_erase"),
    path("answers/", own_data.own_answers, name="own_answers"),
    path("answers/<int:question>/", own_data.own_answer_file, name="own_answer_file"),
    path("travel/", travel.own_travel, name="own_travel"),
    path("document/<int:pk>/", travel.own_document, name="own_document"),
    path("here/", own_check_in, name="own_check_in"),
]
urlpatterns = [
    path("meetings/", include(meetings)),
    path("activities/", include((activities, "activities"))),
    path("person/<slug:token>/", include(own_pages)),
    path("here/<str:code>/", at_the_door, name="at_the_door"),
    path("check/", checking.check, name="check"),
    path("check/<str:code>/", checking.check, name="check_code"),
    path("my/<slug:slug>/activities/", own_activities.activities, name="my_activities"),
    path("my/<slug:slug>/activities/<int:pk>/", own_activities.activities, name="my_activity"),
]
