"""What the history notes of a request."""

from django.urls import Resolver404, resolve
from pghistory.middleware import HistoryMiddleware

# Parts of addresses by which one gets in: the links of invitations and of new passwords.
SECRET_PARTS = ("token", "key")


class NoteHistory(HistoryMiddleware):
    """Note who changed something and on which page, without the secret of its address."""

    def get_context(self, request):
        return super().get_context(request) | {"url": without_secrets(request)}


def without_secrets(request) -> str:
    try:
        parts = (request.resolver_match or resolve(request.path_info)).kwargs
    except Resolver404:
        return request.path
    address = request.path
    for name in SECRET_PARTS:
        if name in parts:
            address = address.replace(str(parts[name]), "…")
    return address
