"""A session of the Secretariat ends when nobody used it for half a day."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

USED_AT = "used_at"
# A session is written at most so often for being used.
STEP = 10 * 60


@receiver(user_logged_in, dispatch_uid="note_use")
def note_use(request, **kwargs):
    request.session[USED_AT] = int(time.time())


class EndIdleSessions:
    """Sign out staff after `STAFF_IDLE_SECONDS`; requests without a session are left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_staff:
            idle = time.time() - request.session.get(USED_AT, 0)
            if idle > settings.STAFF_IDLE_SECONDS:
                logout(request)
                messages.info(request, _("You were signed out, as you had been away for long."))
            elif idle > STEP:
                note_use(request)
        return self.get_response(request)
