import pytest
from django.db import transaction
from django.utils import translation

from sscnet.secretariat.loading.network import load_network


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """The Network's real records, loaded once for a module's tests, gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_network()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def english():
    """A request in Chinese leaves its language behind in the thread; each test starts anew."""
    with translation.override("en"):
        yield
