from django.urls import path

from . import landing

app_name = "landing"
urlpatterns = [
    path("countries/", landing.index, {"subject": landing.COUNTRY}, name="countries"),
    path("countries/<str:iso2>/", landing.country, name="country"),
    path("regions/<slug:slug>/", landing.area, name="area"),
    path("sdgs/", landing.index, {"subject": landing.GOAL}, name="sdgs"),
    path("sdgs/<int:number>/", landing.sdg, name="sdg"),
]
