from django.urls import path
from django.views.generic import RedirectView

from .. import my
from ..enquiries import my_views as my_enquiries
from ..enquiries import views as enquiries
from ..figures import views as figures
from ..figures.reports import views as reports
from ..open_data import views as open_data
from ..requests import my_views as my_requests
from . import news, publications, site_search, topics, views

app_name = "secretariat"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", site_search.search, name="search"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("publications/", publications.publication_list, name="publications"),
    path("sectors/", RedirectView.as_view(pattern_name="secretariat:topics", permanent=True)),
    path("sectors/<slug:slug>/", topics.sector, name="sector"),
    path("my/", my.choose, name="my"),
    path("my/<slug:slug>/", my.institution, name="my_institution"),
    path("my/<slug:slug>/mails/", my.mails, name="my_mails"),
    path("my/<slug:slug>/mails/<int:pk>/", my.mail, name="my_mail"),
    path("my/<slug:slug>/questions/", my_enquiries.questions, name="questions"),
    path("my/<slug:slug>/questions/<slug:reference>/", my_enquiries.question, name="question"),
    path("my/<slug:slug>/requests/", my_requests.requests, name="my_requests"),
    path("my/<slug:slug>/requests/<int:pk>/", my_requests.answer, name="my_request"),
    path("my/<slug:slug>/requests/<int:pk>/decline/", my_requests.decline, name="my_decline"),
    path("my/<slug:slug>/requests/<int:pk>/slip/", my_requests.slip, name="my_slip"),
    path("my/<slug:slug>/requests/<int:pk>/answers/", my_requests.others, name="my_others"),
    path(
        "my/<slug:slug>/requests/<int:pk>/file/<int:question>/",
        my_requests.answer_file,
        name="my_answer_file",
    ),
    path(
        "my/<slug:slug>/requests/<int:pk>/sent/<int:question>/",
        my_requests.sent_file,
        name="my_sent_file",
    ),
    path(
        "my/<slug:slug>/requests/<int:pk>/document/<int:key>/",
        my_requests.document,
        name="my_request_document",
    ),
    path("my/<slug:slug>/needs/", my_enquiries.needs, name="my_needs"),
    path("my/<slug:slug>/needs/<int:pk>/", my_enquiries.introduction, name="my_introduction"),
    path("needs/", enquiries.needs, name="needs"),
    path("ask/", enquiries.ask, name="ask"),
    path("ask/confirm/<str:token>/", enquiries.confirm_joining, name="confirm_joining"),
    path("ask/<slug:reference>/", enquiries.asked, name="asked"),
    path(
        "ask/project/<slug:slug>/", enquiries.ask, {"find": enquiries.project}, name="ask_project"
    ),
    path(
        "ask/institution/<slug:slug>/",
        enquiries.ask,
        {"find": enquiries.institution},
        name="ask_institution",
    ),
    path("ask/call/<slug:slug>/", enquiries.ask, {"find": enquiries.call}, name="ask_call"),
    path("figures/", figures.figures, name="figures"),
    path("figures/export.<str:kind>", figures.figures_file, name="figures_file"),
    path("figures/<int:year>/", reports.newest, name="newest_report"),
    path("figures/<int:year>/v<int:version>/", reports.report, name="report"),
    path(
        "figures/<int:year>/v<int:version>/report.<str:kind>",
        reports.report_file,
        name="report_file",
    ),
    path("figures/<int:year>/v<int:version>/<str:key>/", reports.report_list, name="report_list"),
    path("news/", news.news_list, name="news"),
    path("news/feed/", news.news_feed, name="news_feed"),
    path("news/<slug:slug>/", views.page_detail, name="news_item"),
    path("about/", views.page_detail, name="about"),
    path("about/data/", open_data.data, name="data"),
    path("about/data/<str:day>.zip", open_data.bundle_file, name="bundle"),
    path("about/<slug:slug>/", views.page_detail, name="page"),
]
