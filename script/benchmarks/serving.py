"""A running Finage and the latencies of its answers."""

import http.client
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from urllib.parse import quote

from measure import FINAGE, percentile


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port, path):
    """Status of one answer, or None while nothing listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return None
    finally:
        connection.close()


def wait_until(port, path, limit=120.0, wanted=200):
    """Seconds until `path` gives `wanted`."""
    start = time.perf_counter()
    while time.perf_counter() - start < limit:
        if answers(port, path) == wanted:
            return time.perf_counter() - start
        time.sleep(0.02)
    raise SystemExit(f"Erreur : {path} ne répond pas {wanted} en {limit:.0f} s.")


@contextmanager
def running(arguments, environment=None):
    """The server as a child process, stopped as Ctrl-C stops it. Measures ask far more at once than people do: they are not counted."""
    process = subprocess.Popen([FINAGE, *arguments], env={**os.environ, "FINAGE_DEBIT": "false", **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(2)
        process.wait(60)


def latencies(port, paths):
    """Milliseconds of each answer on one kept-alive connection, as a browser makes them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found = []
    for path in paths:
        start = time.perf_counter()
        connection.request("GET", quote(path, safe="/?=&%"))
        answer = connection.getresponse()
        answer.read()
        found.append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            raise SystemExit(f"Erreur : {path} a répondu {answer.status}.")
    return found


def figures(values):
    return {"nombre": len(values), "p50_ms": percentile(values, 50), "p95_ms": percentile(values, 95), "max_ms": max(values)}
