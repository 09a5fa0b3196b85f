from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from sscnet.core.pages.views import gone

from ..accounts.views import invitation
from . import feed, views

app_name = "members"
TO_LIST = RedirectView.as_view(pattern_name="members:list", query_string=True, permanent=True)
COMPARISON = {
    "why": _("Institutions are no longer compared side by side. The list can be shown as a table."),
    "to": "members:list",
    "label": _("All members"),
}
directory = [
    path("", views.institution_list, name="list"),
    re_path(r"^export\.(?P<extension>csv|xlsx|json)$", views.institution_file, name="file"),
    re_path(r"^compare(?:/|\.csv|\.xlsx)$", gone, COMPARISON),
    path("feed/", feed.institution_feed, name="feed"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    path("<slug:slug>/", views.institution_detail, name="detail"),
]
urlpatterns = [
    path("members/", include(directory)),
    path("institutions/", TO_LIST),
    path("my/<slug:slug>/", include("members.my.urls")),
    path("accounts/invitation/<str:token>/", invitation, name="invitation"),
]
