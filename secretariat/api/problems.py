"""Errors as problem details (RFC 9457)."""

from http import HTTPStatus

from django.http import JsonResponse
from django.utils.translation import gettext as _

CONTENT_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more) -> JsonResponse:
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return JsonResponse(
        content, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def usual(status: int) -> str:
    """Return what a status means here, where nothing better is known."""
    texts = {
        400: _("The address contains something that cannot be read: broken UTF-8 or a NUL byte."),
        403: _("The API is read over HTTPS only."),
        404: _("There is nothing at this address. See /api/v1/docs for what there is."),
        405: _("The API can only be read: use GET."),
        413: _("What was sent is too large for this address."),
        503: _("The portal is undergoing maintenance. Try again in a few minutes."),
        507: _("The portal’s disk is full. Try again later."),
    }
    return texts.get(status, _("Something went wrong on our side. Try again later."))


def not_found(request, _error):
    return problem(404, usual(404))


def not_understood(request, error):
    errors = [{"name": str(one["loc"][-1]), "reason": one["msg"]} for one in error.errors]
    names = ", ".join(dict.fromkeys(one["name"] for one in errors))
    text = _("These parameters cannot be understood: %(names)s.")
    return problem(422, text % {"names": names}, errors=errors)
