"""`make release`: what is installed as one file, with the list of its parts."""

import hashlib
import subprocess
import tomllib

from sscnet.dev import CHECKOUT, DevError, steps
from sscnet.dev.checks import program

LOCK = CHECKOUT / "requirements.lock"
OUTPUT = CHECKOUT / "dist"


def release():
    """Write the archive, its parts as CycloneDX and the sums of both into dist/."""
    version = released_version()
    if output("git", "status", "--porcelain"):
        raise DevError("Something is not committed: a release holds what is. Commit it first.")
    OUTPUT.mkdir(exist_ok=True)
    archive, parts = (OUTPUT / f"sscnet-{version}.{end}" for end in ("tar.gz", "cdx.json"))
    prefix = f"--prefix=sscnet-{version}/"
    output("git", "archive", "--format=tar.gz", prefix, f"--output={archive}", "HEAD")
    listing = ["requirements", LOCK, "--pyproject", CHECKOUT / "pyproject.toml"]
    options = ["--output-reproducible", "--of", "JSON", "--output-file", parts]
    output(program("cyclonedx-py"), *listing, *options)
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


def output(*command) -> str:
    return subprocess.check_output(command, cwd=CHECKOUT, text=True)
