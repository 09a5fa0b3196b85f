"""NAIVE: the filters that django-filter's manual leads to."""

import django_filters
from django.db.models import Q

from members.models import Institution
from projects.models import Project
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector


class NaiveProjectFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    country = django_filters.ModelMultipleChoiceFilter(
        field_name="countries__iso2", to_field_name="iso2", queryset=Country.objects.all()
    )
    sector = django_filters.ModelMultipleChoiceFilter(
        field_name="sectors__slug", to_field_name="slug", queryset=Sector.objects.all()
    )
    sdg = django_filters.ModelMultipleChoiceFilter(
        field_name="project_sdgs__sdg__number", to_field_name="number", queryset=SDG.objects.all()
    )
    area = django_filters.ModelMultipleChoiceFilter(
        field_name="area__slug", to_field_name="slug", queryset=PGTFArea.objects.all()
    )
    status = django_filters.MultipleChoiceFilter(choices=Project.Status)
    programme = django_filters.MultipleChoiceFilter(choices=Project.Programme)
    modality = django_filters.MultipleChoiceFilter(choices=Project.Modality)
    institution = django_filters.ModelMultipleChoiceFilter(
        field_name="institutions__slug", to_field_name="slug", queryset=Institution.objects.all()
    )

    class Meta:
        model = Project
        fields = ["year_approved"]

    def search(self, queryset, name, value):
        found = Q(code__icontains=value)
        for field in ("title", "summary", "challenge", "approach", "outcome"):
            found |= Q(**{f"{field}__icontains": value})
            found |= Q(**{f"i18n__{field}_zh_hans__icontains": value})
        for name in ("countries__name", "institutions__name", "institutions__names__name"):
            found |= Q(**{f"{name}__icontains": value})
        return queryset.filter(found).distinct()
