from django.urls import include, path, re_path

from . import invitation_views, views

app_name = "members"
directory = [
    path("", views.institution_list, name="list"),
    path("<slug:slug>/", views.institution_detail, name="detail"),
]
urlpatterns = [
    path("members/", include(directory)),
    path("my/<slug:slug>/", include("members.my_urls")),
    path("accounts/invitation/<str:token>/", invitation_views.invitation, name="invitation"),
]
