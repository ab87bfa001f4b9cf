"""The servers that the tile bench puts side by side: Finage, Martin on the same table, and the least that can serve bytes."""

import json
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from measure import CACHE, FINAGE
from serving import free_port, wait_until

LAYER = "parcelles"
# What Finage publishes of a parcel: Martin gives the same.
PROPERTIES = {"idu": "text", "prefixe": "text", "section": "text", "numero": "int4", "contenance": "int4", "arpentee": "bool"}
OPENED = re.compile(r"instantané (ouvert|construit)")


class Running:
    """A server that answers: its name, its process, its port, and how its tiles are addressed."""

    def __init__(self, name, process, port, prefix, log):
        self.name, self.process, self.port, self.prefix, self.log = name, process, port, prefix, log

    def path(self, tile):
        """Where a tile is; the layer itself for ()."""
        return "/".join([self.prefix, *map(str, tile)])


@contextmanager
def _started(name, command, port, prefix, log, environment=None):
    with open(log, "wb") as said:
        process = subprocess.Popen([str(part) for part in command], env={**os.environ, **(environment or {})}, stdout=said, stderr=said)
    try:
        yield Running(name, process, port, prefix, log)
    finally:
        process.terminate()
        process.wait(60)


def settings(wanted):
    """Variables of those settings that this Finage knows; the others are told apart, since a server refuses what it does not know."""
    known = json.loads(subprocess.run([FINAGE, "config", "--json"], capture_output=True, text=True, check=True).stdout)
    names = {one["cle"] for one in known}
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(f"  sans effet : {', '.join(unknown)} (réglage que ce binaire ne connaît pas)")
    return {f"FINAGE_{name.upper()}": value for name, value in wanted.items() if name in names}


@contextmanager
def finage(name, url, folder, wanted=None):
    """Finage with a data directory of its own, once the layer's snapshot is in use."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "journal"
    environment = {"DATABASE_URL": url, "FINAGE_DATA_DIR": str(folder), "FINAGE_DEBIT": "false", "FINAGE_LOG": "warn,finage::services::tiles=debug", **settings(wanted or {})}
    with _started(name, [FINAGE, "serve", "--bind", f"127.0.0.1:{port}"], port, f"/tiles/{LAYER}", log, environment) as running:
        opened(running)
        yield running


def opened(running, limit=3600):
    """Waits until the layer is drawn from its snapshot; the words of the log."""
    start = time.perf_counter()
    while time.perf_counter() - start < limit:
        if running.process.poll() is not None:
            break
        for line in re.sub(r"\x1b\[[0-9;]*m", "", running.log.read_text(errors="replace")).splitlines():
            if OPENED.search(line) and re.search(rf'layer="?{LAYER}"?\b', line):
                wait_until(running.port, "/ready", wanted=200)
                return line
        time.sleep(0.005)
    raise SystemExit(f"Erreur : pas d'instantané des parcelles :\n{running.log.read_text(errors='replace')[-2000:]}")


def martin_program():
    """Where Martin is, if it is."""
    named = os.environ.get("BENCH_MARTIN") or shutil.which("martin")
    return named if named and Path(named).exists() else None


@contextmanager
def martin(name, program, here, database, folder, cache):
    """Martin on the table of Finage as it is, in Lambert-93, with its usual cache or none."""
    folder.mkdir(parents=True, exist_ok=True)
    port, file = free_port(), folder / "martin.yaml"
    table = {"schema": "cadastre", "table": "parcelle", "srid": 2154, "geometry_column": "geom", "layer_id": LAYER, "properties": PROPERTIES}
    connection = f"host={here.folder} user=postgres dbname={database}"
    # JSON is YAML.
    file.write_text(json.dumps({"postgres": {"connection_string": connection, "auto_publish": False, "tables": {LAYER: table}}}))
    command = [program, "--config", file, "--listen-addresses", f"127.0.0.1:{port}", *([] if cache else ["--cache-size", "0"])]
    with _started(name, command, port, f"/{LAYER}", folder / "journal", {"RUST_LOG": "warn"}) as running:
        wait_until(port, "/health")
        yield running


def bare_program():
    """The example that serves bytes from memory, built as what is measured is."""
    built = Path(FINAGE).parent / "examples" / "octets"
    return built if built.exists() else None


@contextmanager
def bare(program, tiles, folder):
    """A bare handler that answers with bytes it holds: what HTTP costs, and nothing else."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "chemins").write_text("".join(f"/{z}/{x}/{y}\n" for z, x, y in tiles))
    for rank, body in enumerate(tiles.values()):
        (folder / str(rank)).write_bytes(body)
    port = free_port()
    with _started("octets", [program, folder, f"127.0.0.1:{port}"], port, "", CACHE / "octets.log") as running:
        wait_until(port, running.path(next(iter(tiles))))
        yield running
