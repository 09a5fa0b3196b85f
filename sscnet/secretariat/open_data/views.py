"""The page about the data: what there is, in which formats, with examples to run."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def data(request):
    return render(request, "secretariat/data.html", {})
