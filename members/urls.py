from django.urls import include, path, re_path

from . import cards, feed, views
from .accounts.views import invitation

app_name = "members"
directory = [
    path("", views.institution_list, name="list"),
    re_path(r"^export\.(?P<extension>csv|xlsx)$", views.institution_file, name="file"),
    path("compare/", views.compare, name="compare"),
    re_path(r"^compare\.(?P<extension>csv|xlsx)$", views.compare_file, name="compare_file"),
    path("feed/", feed.institution_feed, name="feed"),
    path("values/<slug:name>/", views.facet_values, name="values"),
    path("<slug:slug>/", views.institution_detail, name="detail"),
    path("<slug:slug>/card.png", cards.institution_card, name="card"),
]
urlpatterns = [
    path("members/", include(directory)),
    path("my/<slug:slug>/", include("members.my_urls")),
    path("accounts/invitation/<str:token>/", invitation, name="invitation"),
]
