"""A certificate for this machine, made up, a web server that shows it, and a robot that is told."""

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certificate(folder, days=300, issuer="localhost"):
    """Return the context of a server, and the file by which a client trusts it."""
    key, kind = ec.generate_private_key(ec.SECP256R1()), x509.NameOID.COMMON_NAME
    name, issuer = (x509.Name([x509.NameAttribute(kind, one)]) for one in ("localhost", issuer))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context, folder / "certificate.pem"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def https_server(context):
    """Give a web server that answers with its `status`, and its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.status = 200
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server, f"https://localhost:{server.server_port}"
        finally:
            server.shutdown()


class RobotAnswer(Answer):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.path, body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.answer)

    do_POST = do_GET


@contextmanager
def robot_server():
    """Give a web server that keeps what it `heard` and answers with its `answer`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), RobotAnswer) as server:
        server.heard, server.answer = [], b'{"errcode":0,"errmsg":"ok"}'
        threading.Thread(target=server.serve_forever).start()
        try:
            yield server
        finally:
            server.shutdown()
