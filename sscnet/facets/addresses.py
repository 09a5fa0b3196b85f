"""What an address of the portal asks of a list."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

NONE: Mapping = MappingProxyType({})


def parameters_of(
    address: str, lists: Collection[str], landing: Mapping[str, str] = NONE
) -> QueryDict | None:
    """Return what an address asks; None when it shows none of these lists.

    `lists` names addresses with filters, a bare query belongs to any of them; `landing` names pages
    of one value, each with the parameter that it stands for.
    """
    try:
        parts = urlsplit(address.strip())
        with override(get_language_from_path(parts.path) or settings.LANGUAGE_CODE):
            match = resolve(parts.path) if parts.path else None
    except (ValueError, Resolver404):
        return None
    params = QueryDict(parts.query, mutable=True)
    name = match and match.view_name
    if name in landing:
        params.setlist(landing[name], map(str, match.kwargs.values()))
    elif name and name not in lists:
        return None
    return params
