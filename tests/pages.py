"""What tests of pages share."""

from html import unescape

from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from tests import make


def text_of(response):
    return " ".join(response.content.decode().split())


def change(record):
    """Give the address of a record's page in the admin."""
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def whole(record):
    """Give the address of a record's form with all its tabs on one page."""
    return f"{change(record)}?tab=all"


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def sign_in(client, group, **values):
    """Sign in somebody of a group of the admin."""
    user = make.Officer(group=group, **values)
    client.force_login(user)
    return user


def plain(html):
    """Return what a reader sees of a piece of HTML."""
    return unescape(strip_tags(html))
