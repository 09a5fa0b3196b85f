from django.urls import include, path, re_path

from ..accounts.views import invitation
from . import views

app_name = "members"
directory = [
    path("", views.institution_list, name="list"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)$", views.institution_file, name="file"),
    path("feed/", views.institution_feed, name="feed"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    path("<slug:slug>/", views.institution_detail, name="detail"),
]
urlpatterns = [
    path("members/", include(directory)),
    path("my/<slug:slug>/", include("members.my.urls")),
    path("accounts/invitation/<str:token>/", invitation, name="invitation"),
]
