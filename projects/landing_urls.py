from django.urls import path

from . import landing

app_name = "landing"
urlpatterns = [
    path("countries/", landing.index, {"subject": landing.COUNTRY}, name="countries"),
    path("countries/<str:iso2>/", landing.country, name="country"),
    path("institutions/", landing.index, {"subject": landing.INSTITUTION}, name="institutions"),
    path("sectors/", landing.index, {"subject": landing.SECTOR}, name="sectors"),
    path("sectors/<slug:slug>/", landing.sector, name="sector"),
    path("sdgs/", landing.index, {"subject": landing.GOAL}, name="sdgs"),
    path("sdgs/<int:number>/", landing.sdg, name="sdg"),
]
