from django.urls import path
from django.views import defaults

from benchmarks.faults import views
from benchmarks.faults.without import is_out
from sscnet.urls import handler403, handler500
from sscnet.urls import urlpatterns as portal

__all__ = ["handler403", "handler500", "urlpatterns"]

if is_out("server-error"):
    handler500 = defaults.server_error

urlpatterns = [
    path("faults/register/<int:meeting>/<int:institution>/", views.register),
    path("faults/upload/", views.upload),
    path("faults/mail/", views.mail),
    *portal,
]
