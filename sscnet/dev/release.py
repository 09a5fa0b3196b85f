"""`make release`: what is installed as one file, with the list of its parts; `make audit`: what is
known against those parts."""

import hashlib
import json
import subprocess
import tomllib
from datetime import date

from sscnet.dev import CHECKOUT, DevError, steps
from sscnet.dev.checks import program

LOCK = CHECKOUT / "requirements.lock"
OUTPUT = CHECKOUT / "dist"


def release():
    """Write the archive, its parts as CycloneDX and the sums of both into dist/."""
    version = released_version()
    if steps.output("git", "status", "--porcelain"):
        raise DevError("Something is not committed: a release holds what is. Commit it first.")
    OUTPUT.mkdir(exist_ok=True)
    archive, parts = (OUTPUT / f"sscnet-{version}.{end}" for end in ("tar.gz", "cdx.json"))
    prefix = f"--prefix=sscnet-{version}/"
    steps.output("git", "archive", "--format=tar.gz", prefix, f"--output={archive}", "HEAD")
    listing = ["requirements", LOCK, "--pyproject", CHECKOUT / "pyproject.toml"]
    options = ["--output-reproducible", "--of", "JSON", "--output-file", parts]
    steps.output(program("cyclonedx-py"), *listing, *options)
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in (archive, parts)
    ]
    (OUTPUT / "SHA256SUMS").write_text("".join(sums))
    steps.echo(f"{archive.relative_to(CHECKOUT)} is what `deploy/upgrade` takes.")


def released_version() -> str:
    """Return the version of pyproject.toml, which CHANGELOG.md must name first."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]
    headings = [
        line for line in (CHECKOUT / "CHANGELOG.md").read_text().splitlines() if line[:3] == "## "
    ]
    if headings[0] != f"## {version}":
        raise DevError(f"The newest heading of CHANGELOG.md is not “## {version}”.")
    return version


def audit():
    """Say what a database of known faults holds against the locked packages; fail if it does."""
    command = [program("pip-audit"), "--require-hashes", "--disable-pip", "--format=json"]
    done = subprocess.run(
        [*command, "--progress-spinner=off", "-r", LOCK],
        check=False,
        capture_output=True,
        text=True,
    )
    faults, not_asked = findings(done.stdout)
    for name, version, fault in faults:
        steps.echo(f"{name} {version}: {fault}")
    if not_asked:
        resolved = date.fromisoformat(steps.output("git", "log", "-1", "--format=%cs", "--", LOCK))
        steps.echo(
            f"Of {not_asked} no database of known faults answered. The lock was resolved"
            f" {(date.today() - resolved).days} days ago."
        )
    return 1 if faults else 0


def findings(report: str) -> tuple[list[tuple[str, str, str]], str]:
    """Return each known fault with its package, and of what nothing is known, in words."""
    try:
        packages = json.loads(report)["dependencies"]
    except ValueError:
        return [], "the packages"
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    faults = [
        (one["name"], one["version"], fault["id"])
        for one in packages
        for fault in one.get("vulns", [])
    ]
    return faults, f"{len(skipped)} of {len(packages)} packages" if skipped else ""
