"""Which migrations `make lint` looks at; what is wrong with one says django-migration-linter."""

from types import SimpleNamespace

from sscnet.dev import django_checks as migrations


def made(module):
    return SimpleNamespace(__module__=module)


def test_those_after_the_last_version_are_looked_at_and_no_package_s():
    on_disk = {
        ("meetings", "0001_initial"): made("meetings.migrations.0001_initial"),
        ("meetings", "0002_more"): made("meetings.migrations.0002_more"),
        ("calls", "0001_initial"): made("projects.calls.migrations.0001_initial"),
        ("account", "0009_theirs"): made("allauth.account.migrations.0009_theirs"),
    }
    found = migrations.newer({"meetings": "0001_initial"}, on_disk)
    assert found == [on_disk["calls", "0001_initial"], on_disk["meetings", "0002_more"]]


def test_the_released_ones_are_there():
    found = (migrations.CHECKOUT.glob(f"{depth}/migrations/0*.py") for depth in ("*", "*/*"))
    files = {path.stem for paths in found for path in paths}
    assert [name for name in migrations.released().values() if name not in files] == []
