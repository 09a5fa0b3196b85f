from django.urls import path

from . import my, views

app_name = "secretariat"
urlpatterns = [
    path("", views.home, name="home"),
    path("my/", my.choose, name="my"),
    path("my/<slug:slug>/", my.institution, name="my_institution"),
    path("about/", views.page_detail, name="about"),
    path("about/<slug:slug>/", views.page_detail, name="page"),
]
