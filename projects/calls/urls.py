"""Addresses of calls, and of an institution's proposals below /my/."""

from django.urls import include, path

from . import feed, views
from .proposals.urls import urlpatterns as proposals

app_name = "calls"
calls = [
    path("", views.call_list, name="list"),
    path("feed/", feed.call_feed, name="feed"),
    path("calendar.ics", views.calendar_all, name="calendar_all"),
    path("<slug:slug>/", views.call_detail, name="detail"),
    path("<slug:slug>/calendar.ics", views.calendar, name="calendar"),
]
urlpatterns = [path("calls/", include(calls)), *proposals]
