"""Clients that ask for tiles all at once, with wrk, and what servers took to answer them."""

import json
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from measure import ROOT
from processes import cpu_ms, machine_ms

CLIENTS = 8
SCRIPT = ROOT / "script" / "benchmarks" / "wrk.lua"


def needed():
    if shutil.which("wrk") is None:
        raise SystemExit("Erreur : wrk est introuvable ; installez-le avec : apt-get install wrk")


def _own_ms():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def load(port, paths, seconds, watched, encoding=None):
    """Figures of `CLIENTS` kept-alive clients that take turns on `paths` for so long.

    `watched` names processes, each with its descendants: milliseconds of processor an answer are counted for each of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "chemins"
        listed.write_text("".join(f"{path}\n" for path in paths))
        command = ["wrk", "-t", CLIENTS, "-c", CLIENTS, "-d", f"{seconds}s", "--timeout", "60s", "--script", SCRIPT,
                   f"http://127.0.0.1:{port}", "--", listed, CLIENTS, *([encoding] if encoding else [])]
        before = {name: cpu_ms(pid) for name, pid in watched.items()}
        client, machine = _own_ms(), machine_ms()
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        machine, client = machine_ms() - machine, _own_ms() - client
        spent = {name: cpu_ms(pid) - before[name] for name, pid in watched.items()}
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not said:
        raise SystemExit(f"Erreur : wrk : {done.stderr[-1000:]}{done.stdout[-1000:]}")
    found = json.loads(said[-1])
    if found["erreurs"]:
        raise SystemExit(f"Erreur : {found['erreurs']} réponses manquées sur {found['nombre']}.")
    count = found["nombre"]
    return {**found, "par_seconde": count / found["secondes"], "octets_tuile": found["octets"] / count,
            **{f"cpu_{name}_ms": value / count for name, value in spent.items()}, "cpu_client_ms": client / count,
            "autres_part": max(0.0, machine - client - sum(spent.values())) / machine}
