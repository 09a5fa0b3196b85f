"""bin/bootstrap, run as it is in a checkout of its own with made-up Pythons."""

import shutil
import subprocess
import sys

import pytest

from sscnet.dev import CHECKOUT

TOOLS = ["sh", "dirname", "tr", "cut", "grep", "tail", "awk", "df", "cmp", "cat"]
TOOLS += ["flock", "mkdir", "rm", "cp"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
TEST_LOCKS = ["requirements-test.lock", "requirements-iati.lock"]
BROKEN_SHIM = '#!/bin/sh\necho "pyenv: $0: command not found" >&2\nexit 127\n'
GOOD = f'#!/bin/sh\nexec {sys.executable} "$@"\n'


def changed_python(statement):
    """A Python that runs `statement` before the code it is given."""
    return f"""#!/bin/sh
exec {sys.executable} -c 'import sys; code = sys.argv[1]; {statement}; exec(code)' "$2"
"""


OLD = changed_python("sys.version_info = (3, 11, 7)")
WITHOUT_VENV = changed_python('sys.modules["ensurepip"] = None')
FAKE_VENV_PYTHON = """#!/bin/sh
[ "$2" != pip ] || echo "$@" >>.venv/calls
[ "$2" != pip ] || [ ! -e .venv/fails ] || { cat .venv/fails >&2; exit 1; }
"""


class Checkout:
    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir()
        (folder / "tools").mkdir()
        shutil.copy(CHECKOUT / "bin" / "bootstrap", folder / "bin")
        for tool in TOOLS:
            (folder / "tools" / tool).symlink_to(shutil.which(tool))
        self.path = []

    def add_python(self, place, name, script):
        """Put a program into a folder of PATH, after those put there before."""
        program = self.folder / place / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(script)
        program.chmod(0o755)
        self.path.append(program.parent)
        return str(program)

    def run(self, *arguments, usual_places=""):
        path = ":".join(map(str, [*self.path, self.folder / "tools"]))
        return subprocess.run(
            [self.folder / "bin" / "bootstrap", *arguments],
            env={"PATH": path, "BOOTSTRAP_PLACES": str(usual_places)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def installed(checkout):
    """A checkout with a .venv whose Python only notes what it is asked to install."""
    checkout.add_python(".venv/bin", "python", FAKE_VENV_PYTHON)
    for name in [*LOCKS, *TEST_LOCKS]:
        (checkout.folder / name).write_text("django==6.1\n")
    assert checkout.run().returncode == 0
    return checkout


def calls(checkout):
    return (checkout.folder / ".venv" / "calls").read_text().splitlines()


def test_find_walks_past_broken_shims_to_a_later_program_of_the_same_name(checkout):
    checkout.add_python("shims", "python3.13", BROKEN_SHIM)
    checkout.add_python("shims", "python3.12", BROKEN_SHIM)
    good = checkout.add_python("good", "python3.13", GOOD)
    assert checkout.run("--find").stdout.strip() == good


def test_find_takes_no_python_that_is_too_old_whatever_its_name(checkout):
    checkout.add_python("old", "python3.13", OLD)
    good = checkout.add_python("good", "python3", GOOD)
    assert checkout.run("--find").stdout.strip() == good


def test_find_looks_in_the_usual_places_too(checkout):
    good = checkout.add_python("elsewhere", "python3.12", GOOD)
    place = checkout.path.pop()
    assert checkout.run("--find", usual_places=place).stdout.strip() == good


def test_find_prefers_a_python_that_can_make_virtual_environments(checkout):
    checkout.add_python("first", "python3.13", WITHOUT_VENV)
    good = checkout.add_python("second", "python3.13", GOOD)
    assert checkout.run("--find").stdout.strip() == good


def test_no_suitable_python_is_one_sentence_that_says_what_to_install(checkout):
    checkout.add_python("old", "python3", OLD)
    result = checkout.run()
    assert result.returncode == 1
    assert result.stderr == (
        "No Python 3.12 or newer was found: install one "
        "(on Debian 13: apt install python3 python3-venv) and run this again.\n"
    )


def test_a_python_without_venv_is_named_with_the_package_it_lacks(checkout):
    python = checkout.add_python("bare", "python3.13", WITHOUT_VENV)
    result = checkout.run()
    assert result.returncode == 1
    assert result.stderr.startswith(f"{python} cannot make a virtual environment")
    assert "-venv" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_lock_is_installed_once_with_its_hashes_checked(installed):
    """And again once it has changed."""
    assert installed.run().returncode == 0
    assert [call.split()[-1] for call in calls(installed)] == LOCKS
    assert "--require-hashes -r requirements.lock" in calls(installed)[0]
    (installed.folder / "requirements.lock").write_text("django==6.1.1\n")
    installed.run()
    assert len(calls(installed)) == 3


def test_the_test_locks_are_installed_only_for_tests(installed):
    installed.run("test")
    locks = [call.split()[-1] for call in calls(installed)]
    assert locks == [*LOCKS, *TEST_LOCKS]
    assert all("--no-deps --require-hashes" in call for call in calls(installed))


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: Could not find it\n[notice] new pip", "ERROR: Could not find it"),
        ("OSError: [Errno 28] No space left on device", "There is no room on the disk"),
        (
            "WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found",
            "there is no network",
        ),
    ],
)
def test_a_failed_install_is_one_sentence_and_is_tried_again(installed, output, sentence):
    (installed.folder / "requirements.lock").write_text("django==6.1.1\n")
    (installed.folder / ".venv" / "fails").write_text(output)
    result = installed.run()
    assert result.returncode == 1
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    (installed.folder / ".venv" / "fails").unlink()
    assert installed.run().returncode == 0
    assert len(calls(installed)) == 4
