from django.urls import path, re_path

from . import views

app_name = "projects"
urlpatterns = [
    path("", views.project_list, name="list"),
    # Codes are written in capitals, slugs in small letters: neither hides the other.
    re_path(r"^(?P<code>SSC-\d+)/$", views.project_by_code, name="by_code"),
    re_path(r"^(?P<number>INT/\d{2}/K\d{2})/$", views.project_by_number, name="by_number"),
    path("<slug:slug>/", views.project_detail, name="detail"),
]
