"""Only public names of Django and of other packages are used, so that they may change inside."""

import ast
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django.conf import settings
from django.contrib import admin

ROOMS = ["meetings", "members", "projects", "secretariat", "sscnet"]
# Documented, though they begin with an underscore.
DOCUMENTED = {
    "_meta": "Model._meta API",
    "_state": "Model instance reference: _state.adding",
    "_default_manager": "Managers: default managers",
    "_base_manager": "Managers: base managers",
    "_replace": "collections.namedtuple",
    "_undefined_obj": "Jinja API: undefined types",
}
# Each with the reason why nothing public will do.
ALLOWED = {
    (
        "sscnet/core/uploads/validators.py",
        "_committed",
    ): "nothing else says that a file is new, and unjudged",
    (
        "sscnet/core/parsing/sheet_rows.py",
        "_worksheet_path",
    ): "openpyxl tells the part's name nowhere else",
}
MOST_BASES = 3
# Wants the packages of requirements-s3.lock.
NOT_IMPORTED = {"sscnet.core.uploads.s3"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name.strip("_") != ""


# ------------------------------------------------------------------ what is used


def private_names(source: str) -> set[str]:
    """Give the private names that a module takes from elsewhere: asked for, set or imported."""
    tree = ast.parse(source)
    own = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    return {name for node in ast.walk(tree) for name in names_in(node) if is_private(name)} - own


def names_in(node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(attr=name):
            return [name]
        case ast.ImportFrom(names=names):
            return [alias.name for alias in names]
        case ast.Call(func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr")):
            return [arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)]
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="__dict__"))):
            return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        case ast.Subscript(value=ast.Attribute(attr="__dict__"), slice=ast.Constant(value=name)):
            return [name]
    return []


def test_no_private_name_of_another_package_is_used():
    found = set()
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        place = path.relative_to(settings.BASE_DIR).as_posix()
        if "/migrations/" not in place:
            found |= {(place, name) for name in private_names(path.read_text(encoding="utf-8"))}

    # A reason whose use is gone goes as well.
    assert {one for one in found if one[1] not in DOCUMENTED} == set(ALLOWED)


@pytest.mark.parametrize(
    "source",
    [
        "form._errors",
        "request._messages = 1",
        "from django.forms.models import _get_foreign_key",
        "getattr(file, '_committed', False)",
        "record.__dict__.setdefault('_prefetched_objects_cache', {})",
        "super()._changeform_view(request)",
    ],
)
def test_a_private_name_is_found_however_it_is_used(source):
    assert len(private_names(source)) == 1


def test_own_private_functions_of_a_module_are_its_own_affair():
    source = "def _pixels(): ...\n_pixels()\nclass A:\n  def _b(self): self._b()"

    assert private_names(source) == set()


# ------------------------------------------------------------------ what is overridden


@cache
def our_classes() -> list[type]:
    modules = [
        import_module(found.name)
        for room in ROOMS
        for found in walk_packages([str(settings.BASE_DIR / room)], f"{room}.")
        if found.name not in NOT_IMPORTED
        if ".migrations" not in found.name and not found.name.endswith("__main__")
    ]
    return [
        member
        for module in modules
        for _name, member in inspect.getmembers(module, inspect.isclass)
        if member.__module__ == module.__name__
    ]


def is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in ROOMS


def written_in(kind: type) -> set[str]:
    """Give the names that a class's own text defines, without those a metaclass adds."""
    path = inspect.getsourcefile(kind)
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__:
            return {name for part in node.body for name in defined_by(part)}
    return set()


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(Path(path).read_text(encoding="utf-8"))


def defined_by(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def overridden(kind: type) -> set[str]:
    """Give the private names that a class defines and one that it inherits from has as well."""
    others = [base for base in kind.__mro__[1:] if not is_ours(base)]
    private = {name for name in written_in(kind) if is_private(name)}
    return {name for name in private if any(name in vars(base) for base in others)}


def test_no_private_name_of_another_package_is_overridden():
    classes = our_classes()

    assert len(classes) > 400
    assert {kind.__qualname__: names for kind in classes if (names := overridden(kind))} == {}


def test_an_overridden_private_name_is_found():
    class Planted(admin.ModelAdmin):
        def _changeform_view(self, request, object_id, form_url, extra_context): ...

        def _words_of_its_own(self): ...

    assert written_in(Planted) >= {"_changeform_view"}
    assert overridden(Planted) == {"_changeform_view"}


# ------------------------------------------------------------------ admin classes


def our_bases(kind: type) -> list[str]:
    return [base.__name__ for base in kind.__mro__[1:] if is_ours(base)]


def test_an_admin_class_has_few_bases_of_ours():
    classes = {type(one) for one in admin.site._registry.values() if is_ours(type(one))}
    classes |= {kind for one in classes for kind in one.inlines}

    assert len(classes) > 40
    assert {k.__name__: b for k in classes if len(b := our_bases(k)) > MOST_BASES} == {}
