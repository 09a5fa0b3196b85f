from django.urls import path

from benchmarks.limit import limit
from benchmarks.naive.views import project_list
from sscnet.urls import urlpatterns as portal

urlpatterns = [path("limit/", limit), path("naive/", project_list), *portal]
