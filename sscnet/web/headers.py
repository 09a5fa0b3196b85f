"""Headers that every answer has."""

from django.conf import settings

# No page of ours asks for any of it.
PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


class SetHeaders:
    """Let no browser keep what was for somebody signed in or may end, and say what pages may use.

    A view that sets Cache-Control itself knows that its answer is the same for all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        elif response.status_code == 301:
            # Browsers keep it for ever otherwise, and a record may get its old address back.
            response.headers.setdefault("Cache-Control", "no-cache")
        return response
