from django.urls import path

from . import views

app_name = "secretariat"
urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.page_detail, name="about"),
    path("about/<slug:slug>/", views.page_detail, name="page"),
]
