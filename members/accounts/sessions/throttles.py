"""Rate limits of sign-in: slow down guessing and asking for codes, without locking people out.

Attempts on an account are counted by where they come from: a device that has signed in to it
before has a count of its own, everybody else one a network, and above it one for all networks
together. The numbers stand in `ACCOUNT_RATE_LIMITS`.
"""

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.utils.crypto import get_random_string, salted_hmac

from sscnet.core.personal_data.throttles import NETWORK, counted_address

SALT = "members.device"
MOST_ACCOUNTS = 20
# Browsers keep a cookie for 400 days at most.
KEPT = 400 * 24 * 60 * 60


# ------------------------------------------------------------------ devices


def remember_device(request, response, email: str) -> None:
    """Note in a signed cookie that this device has signed in to the account."""
    device = device_of(request) or {"id": get_random_string(22), "accounts": []}
    others = [account for account in device["accounts"] if account != mark_of(email)]
    device["accounts"] = [mark_of(email), *others[: MOST_ACCOUNTS - 1]]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(device, salt=SALT),
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_of(request) -> dict | None:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None


def mark_of(email: str) -> str:
    return salted_hmac(SALT, email.lower(), algorithm="sha256").hexdigest()[:20]


# ------------------------------------------------------------------ counts


def counts(request, action: str, email: str) -> list[dict]:
    """Return what an attempt counts for, as arguments of allauth's rate limits."""
    device = device_of(request)
    if device and mark_of(email) in device["accounts"]:
        return [{"action": action, "key": f"{email.lower()}|{device['id']}"}]
    return [
        {"action": action, "key": f"{email.lower()}|{counted_address(request, NETWORK)}"},
        {"action": f"{action}_anywhere", "key": email.lower()},
    ]


def may_try(request, action: str, email: str) -> bool:
    """Return whether one more attempt is allowed, without counting it."""
    limits = counts(request, action, email)
    return all(ratelimit.consume(request, **limit, dry_run=True) for limit in limits)


def count(request, action: str, email: str) -> bool:
    """Count an attempt; return whether it is allowed."""
    return all(ratelimit.consume(request, **limit) for limit in counts(request, action, email))


def count_invitation(request) -> bool:
    """Count an invitation that a person sends; return whether it is allowed."""
    return ratelimit.consume(request, action="invitation", key=str(request.user.pk))


def forgive(request, action: str, email: str) -> None:
    """Forget the attempts from where this request comes."""
    ratelimit.clear(request, **counts(request, action, email)[0])
