from django.conf import settings
from django.urls import path

from benchmarks.faults import views
from sscnet.urls import handler403, handler500
from sscnet.urls import urlpatterns as portal

__all__ = ["handler403", "handler500", "urlpatterns"]


register = views.register_carelessly if "commit" in settings.WITHOUT else views.register
urlpatterns = [
    path("faults/register/<int:meeting>/<int:institution>/", register),
    path("faults/upload/", views.upload),
    *portal,
]
