"""PDFs of Word files, made by LibreOffice where the server has it; without it there is Word alone.

It runs as a process of its own, one at a time, within limits of time and memory, with a profile
that is thrown away. It has no network: a namespace of its own where the system lets us make one;
and where not (the sandbox of our units forbids it), its profile names a proxy that does not exist
and fetches nothing, and templates with links to other files were refused (`filling.py`).
"""

import fcntl
import json
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

PROFILE = settings.BASE_DIR / "templates" / "libreoffice" / "registrymodifications.xcu"
SECONDS = 90
MEMORY = 4 * 1024**3
OPTIONS = {"PDFUACompliance": True, "UseTaggedPDF": True, "ExportBookmarks": False}
FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {name: {"type": "boolean", "value": str(value).lower()} for name, value in OPTIONS.items()}
)


def program() -> str | None:
    """Return where LibreOffice is, or None."""
    return shutil.which(settings.LIBREOFFICE) if settings.LIBREOFFICE else None


def make_pdfs(files: list[bytes]) -> list[bytes]:
    """Return a PDF of each Word file; an empty one where LibreOffice could not make it."""
    with tempfile.TemporaryDirectory(prefix="sscnet-papers-") as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        shutil.copy(PROFILE, folder / "profile" / "user")
        words = [folder / f"{number}.docx" for number in range(len(files))]
        for path, content in zip(words, files, strict=True):
            path.write_bytes(content)
        with open(Path(tempfile.gettempdir(), f"sscnet-papers-{os.getuid()}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            run(folder, words)
        pdfs = [path.with_suffix(".pdf") for path in words]
        return [path.read_bytes() if path.exists() else b"" for path in pdfs]


def run(folder: Path, words: list[Path]) -> None:
    command = ["prlimit", f"--cpu={SECONDS}", f"--as={MEMORY}", *no_network(), program()]
    command += [f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    command += ["--convert-to", FILTER, "--outdir", str(folder), *map(str, words)]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(folder)}
    process = subprocess.Popen(  # noqa: S603 -- none of it is typed by anybody
        command,
        cwd=folder,
        env=environment | {"TMPDIR": str(folder), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # It starts a process itself, which has to end with it.
        start_new_session=True,
    )
    try:
        said, _nothing = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _nothing = process.communicate()
    if process.returncode:
        logger.error("LibreOffice ended with %s: %s", process.returncode, said[-500:])


@cache
def no_network() -> list[str]:
    """Return how to run a program without network, or nothing where the system forbids it."""
    command = ["unshare", "--map-current-user", "--net", "--"]
    try:
        subprocess.run([*command, "true"], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return []
    return command
