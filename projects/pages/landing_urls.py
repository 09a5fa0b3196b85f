from django.urls import path

from . import cards, landing

app_name = "landing"
urlpatterns = [
    path("countries/", landing.index, {"subject": landing.COUNTRY}, name="countries"),
    path("countries/<str:iso2>/", landing.country, name="country"),
    path(
        "countries/<str:iso2>/card.png",
        cards.landing_card,
        {"subject": landing.COUNTRY},
        name="country_card",
    ),
    path("regions/<slug:slug>/", landing.area, name="area"),
    path("sdgs/", landing.index, {"subject": landing.GOAL}, name="sdgs"),
    path("sdgs/<int:number>/", landing.sdg, name="sdg"),
    path(
        "sdgs/<int:number>/card.png", cards.landing_card, {"subject": landing.GOAL}, name="sdg_card"
    ),
]
