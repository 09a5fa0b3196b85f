"""New projects of a list by mail: leaving an address, confirming it, stopping.

Reading a page changes nothing, as programs that look at mails open all links in them.
"""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from . import handling
from .forms import AlertForm
from .models import Alert, listing_of

# The same whether the address is known or not.
ASKED = gettext_lazy(
    "Look into your mailbox: unless the address gets these mails already, a mail with a link to"
    " confirm it is on its way."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request):
    listing, status = listing_of(request.GET), 200
    alert = Alert(query=listing.query(), language=get_language())
    form = AlertForm(request.POST or None, instance=alert)
    if form.is_valid():
        if ratelimit.consume(request, action="alert", key=alert.email):
            handling.ask(alert)
            messages.success(request, ASKED)
            return redirect(request.get_full_path())
        form.add_error(None, _("Too many addresses came from you just now. Try again tomorrow."))
        status = 429
    context = {
        "form": form,
        "forms": [form],
        "listing": listing,
        "days": settings.ALERT_CONFIRM_DAYS,
    }
    return render(request, "secretariat/alert_form.html", context, status=status)


# No cookie says who presses: mail programs stop by a POST of their own (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request, pk, seal):
    found = handling.find(pk, seal)
    stops = request.method == "POST" and "confirm" not in request.POST
    if found and stops:
        handling.stop(found)
    elif found and request.method == "POST":
        handling.confirm(found)
        return redirect(request.path)
    context = {"alert": None if stops else found, "is_stopped": stops, "forms": []}
    status = 200 if found or stops else 404
    return render(request, "secretariat/alert.html", context, status=status)
