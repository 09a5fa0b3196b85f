"""Addresses of calls, and of an institution's proposals below /my/."""

from django.urls import include, path

from . import report_views
from .proposals.urls import urlpatterns as proposals
from .public import views

app_name = "calls"
calls = [
    path("", views.call_list, name="list"),
    path("feed/", views.call_feed, name="feed"),
    path("<slug:slug>/", views.call_detail, name="detail"),
    path("<slug:slug>/round/", views.round_page, name="round"),
    path("<slug:slug>/round.csv", views.round_file, name="round_file"),
]
REPORTS = "my/<slug:slug>/proposals/<int:pk>/reports/"
urlpatterns = [
    path("calls/", include(calls)),
    path(REPORTS, report_views.report_list, name="reports"),
    path(f"{REPORTS}letter/", report_views.award_letter, name="award_letter"),
    path(f"{REPORTS}<int:report>/", report_views.report_file, name="report_file"),
    *proposals,
]
