from django.urls import include, path

from . import feed, my_views, own_data, views

app_name = "meetings"
meetings = [
    path("", views.meeting_list, name="list"),
    path("feed/", feed.meeting_feed, name="feed"),
    path("calendar.ics", views.calendar_all, name="calendar_all"),
    path("<slug:slug>/register/", include("meetings.registration.urls")),
    path("<slug:slug>/", views.meeting_detail, name="detail"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
    path(
        "calendar/<slug:token>.ics", views.calendar_of_institution, name="calendar_of_institution"
    ),
]
urlpatterns = [
    path("meetings/", include(meetings)),
    path("person/<slug:token>/", own_data.own_data, name="own_data"),
    path("person/<slug:token>/correct/", own_data.correct, name="own_data_correct"),
    path("person/<slug:token>/consent/", own_data.withdraw, name="own_data_consent"),
    path("person/<slug:token>/erase/", own_data.erase, name="own_data_erase"),
    path("my/<slug:slug>/calendar/", my_views.calendar, name="my_calendar"),
]
