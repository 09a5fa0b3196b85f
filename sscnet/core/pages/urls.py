from django.urls import path, re_path

from . import views

app_name = "core"
urlpatterns = [
    path("documents/<str:name>", views.document, name="document"),
    re_path(
        r"^pictures/(?P<folder>[0-9a-f]{32})/(?P<width>\d{1,5})\.(?P<form>webp|jpg)$",
        views.picture,
        name="picture",
    ),
]
