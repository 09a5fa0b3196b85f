"""Pages that a delegate opens by the own link, without an account."""

from functools import wraps

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from sscnet.core.personal_data.throttles import count_wrong

from ..models import DelegateLink


def by_link(view):
    """Give a view the link of its address; wrong ones are told what to do, and slowed."""

    @never_cache
    @wraps(view)
    def wrapped(request, token, **kwargs):
        link = DelegateLink.find(token)
        response = view(request, link, **kwargs) if link else refuse(request)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def refuse(request):
    is_slowed = count_wrong(request, "links") > settings.WRONG_LINKS_AN_HOUR
    context = {"is_slowed": is_slowed, "forms": []}
    status = 429 if is_slowed else 404
    return render(request, "meetings/own/closed.html", context, status=status)
