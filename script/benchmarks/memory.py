"""Memory of the idle server: the process alone, then with its PostgreSQL; shared pages counted once (PSS)."""

import shutil
import tempfile
import time
from pathlib import Path

from measure import options, table, write
from serving import free_port, running, wait_until

IDLE_SECONDS = 10


def children(pid):
    found = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return found + [grandchild for child in found for grandchild in children(child)]


def kibibytes(pid, field):
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise SystemExit(f"Erreur : {field} est introuvable pour le processus {pid}.")


def main():
    chosen = options()
    folder, port = Path(tempfile.mkdtemp(prefix="finage-demo-", dir="/var/tmp")), free_port()
    folder.chmod(0o711)  # as root, PostgreSQL runs as another user and must be able to pass
    try:
        with running(["demo", "--data-dir", folder / "donnees", "--bind", f"127.0.0.1:{port}"]) as process:
            wait_until(port, "/api/configuration")
            time.sleep(IDLE_SECONDS)
            server = kibibytes(process.pid, "Rss") / 1024
            postgres = sum(kibibytes(pid, "Pss") for pid in children(process.pid)) / 1024
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table("Mémoire au repos, ville d'exemple chargée (objectif : ≤ 150 Mo pour l'application)", ["application (RSS)", "PostgreSQL (PSS)", "application / objectif"],
          [[f"{server:.0f} Mo", f"{postgres:.0f} Mo", f"{server / 150:.2f}"]])
    write(chosen.out, "memory", {"objectif_mo": 150, "application_rss_mo": server, "postgres_pss_mo": postgres})


if __name__ == "__main__":
    main()
