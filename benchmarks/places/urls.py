from django.urls import path

from benchmarks.places import views
from sscnet.urls import urlpatterns as portal

urlpatterns = [
    path("bench/submit/<int:pk>/", views.submit),
    path("bench/bare/<int:pk>/", views.bare),
    *portal,
]
