"""Amounts of money."""

from django.utils.translation import gettext


def usd(amount):
    """Write an amount in US dollars; cents only where there are some."""
    decimals = 0 if amount == int(amount) else 2
    return gettext("US$ %(amount)s") % {"amount": f"{amount:,.{decimals}f}"}
