from django.urls import path

from benchmarks.faults import views
from sscnet.urls import handler403, handler500
from sscnet.urls import urlpatterns as portal

__all__ = ["handler403", "handler500", "urlpatterns"]


urlpatterns = [
    path("faults/register/<int:meeting>/<int:institution>/", views.register),
    path("faults/upload/", views.upload),
    *portal,
]
