from django.urls import path, re_path

from . import views
from .catalogue import compare
from .iati import views as iati

app_name = "projects"
# Addresses of one part below this one are names that no project may take: see `models.project`.
urlpatterns = [
    path("", views.project_list, name="list"),
    path("export/", views.project_download, name="download"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)$", views.project_file, name="file"),
    path("export.iati.xml", iati.iati_list, name="iati"),
    path("organisation.iati.xml", iati.iati_organisation, name="iati_organisation"),
    path("compare/", compare.compare, name="compare"),
    path("feed/", views.project_feed, name="feed"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    # Codes are written in capitals, slugs in small letters: neither hides the other.
    re_path(r"^(?P<number>(?:SSC|SAMPLE)-\d+)/$", views.project_by_number, name="by_code"),
    path("<slug:slug>/", views.project_detail, name="detail"),
    path("<slug:slug>/iati.xml", iati.iati_project, name="iati_project"),
    # A number of the Fund, in any spelling.
    path("<path:number>/", views.project_by_number, name="by_number"),
]
