"""Clients that post one after the other, so many at a time; a process of its own.

Reads from standard input where to post what, writes to standard output each status, the seconds it
took and the answer's body.
"""

import json
import socket
import subprocess
import sys
import threading
import time


def post(port: int, path: str, headers: dict[str, str], timeout: float = 60) -> tuple[int, str]:
    """Post nothing to the path; give status and body. Raises OSError where nobody answers whole."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"POST {path} HTTP/1.1\r\n{lines}Content-Length: 0\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.sendall(request)
        parts = []
        while part := connection.recv(1 << 16):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    if not head:
        raise ConnectionError("closed without an answer")
    return int(head.split()[1]), body.decode()


def rush(port: int, paths: list[str], headers: dict[str, str], at_a_time: int) -> dict:
    """Post to each path once, in a process of its own; give answers by path and the seconds."""
    told = {"port": port, "paths": paths, "headers": headers, "at_a_time": at_a_time}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.places.rush"],
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def run(port, paths, headers, at_a_time):
    waiting, answers, lock = iter(paths), {}, threading.Lock()

    def work():
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                return
            began = time.perf_counter()
            status, body = post(port, path, headers)
            took = time.perf_counter() - began
            with lock:
                answers[path] = [status, took, body]

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(at_a_time)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"answers": answers, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
