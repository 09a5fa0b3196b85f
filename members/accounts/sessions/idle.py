"""A session ends after its longest time, one of the Secretariat also when it was not used."""

import time

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.translation import gettext as _

SIGNED_IN_AT = "signed_in_at"
USED_AT = "used_at"
# Use is noted at most so often.
STEP = 10 * 60


@receiver(user_logged_in, dispatch_uid="note_sign_in")
def note_sign_in(request, **kwargs):
    request.session[SIGNED_IN_AT] = request.session[USED_AT] = int(time.time())


def is_over(request) -> bool:
    def since(moment):
        return time.time() - request.session.get(moment, 0)

    is_idle = request.user.is_staff and since(USED_AT) > settings.STAFF_IDLE_SECONDS
    return is_idle or since(SIGNED_IN_AT) > settings.SESSION_COOKIE_AGE


class EndOldSessions:
    """Sign out who was away for long; requests without a session are left alone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if is_over(request):
                logout(request)
                text = _(
                    "You were signed out because you were inactive or had signed in a long time "
                    "ago."
                )
                messages.info(request, text)
            elif time.time() - request.session[USED_AT] > STEP:
                request.session[USED_AT] = int(time.time())
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
