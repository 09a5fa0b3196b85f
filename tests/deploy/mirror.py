"""A mirror of the packages of apt and pip, and a machine that knows no other name.

What it is asked for it fetches where this machine does. It keeps nothing but what was asked.
"""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from pip._internal.models.index import PyPI

from tests.deploy.machine import apt_sources, pip_settings

ADDRESS, PORT, NAME = "127.0.0.3", 8099, "mirror.example.org"
SITE = f"http://{NAME}:{PORT}"
SETTINGS = {"PIP_INDEX_URL": f"{SITE}/simple/", "PIP_TRUSTED_HOST": NAME, "PIP_NO_CACHE_DIR": "1"}
# Nothing comes from what other machines have fetched.
ONLY_MIRROR = f"""
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
printf '127.0.0.1 localhost\\n{ADDRESS} {NAME}\\n' >/etc/hosts
sed -Ei 's#https?://[^/ ]+#{SITE}#' $(find /etc/apt/sources.list* -type f)
mkdir --parents /var/tmp/archives/partial
echo 'Dir::Cache::archives "/var/tmp/archives";' >/etc/apt/apt.conf.d/99own-archives
"""


@contextmanager
def mirror():
    """Run it; gives the list of the paths that were asked for."""
    with ThreadingHTTPServer((ADDRESS, PORT), Handler) as server:
        server.asked, server.origins = [], origins()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.asked
        server.shutdown()


def origins() -> dict[str, str]:
    """Return where the first part of each path leads."""
    texts = " ".join(source.read_text() for source in apt_sources())
    archives = re.findall(r"https?://\S+", texts)
    found = {address.rstrip("/").rpartition("/")[2]: address for address in archives}
    return found | {"simple": pip_settings().get("PIP_INDEX_URL", PyPI.simple_url)}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        first, _, rest = self.path.removeprefix("/").partition("/")
        origin = "https:/" if first == "files" else self.server.origins[first].rstrip("/")
        headers = {"Accept": "text/html, */*;q=0.5"}
        answer = requests.get(f"{origin}/{rest}", headers=headers, timeout=120)
        body = answer.content
        if first == "simple":
            body = re.sub(rb'href="https:/', b'href="/files', body)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
