"""A million lines of the journal: sealed by a server, then verified as the delegate for data protection does."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from database import server
from measure import FINAGE, options, table, write
from serving import free_port, running, wait_until

DATABASE = "journal"
LINES = 1_000_000
GOAL_S = 60

# Looks at sheets, as the application writes them: an account, a collectivité, a purpose, the fields seen.
LOOKS = f"""
insert into journal.acces (utilisateur, collectivite, canal, action, objet, cle, finalite, details)
select md5((n % 200)::text)::uuid, n % 30, 'api', 'lire', 'personne', md5(n::text)::uuid::text, 'urbanisme',
    '{{"champs": ["nom", "prenoms", "adresse"]}}'
from generate_series(1, {LINES}) n
"""


def verify(environment):
    """Seconds, and peak resident memory in MiB, of one verification."""
    start = time.perf_counter()
    process = subprocess.Popen([FINAGE, "audit", "verify", "--json"], env=environment, stdout=subprocess.PIPE)
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    chains = {chain["chaine"]: chain for chain in json.loads(answer)["chaines"]}
    if process.returncode != 0 or chains["acces"]["lignes"] != LINES:
        raise SystemExit(f"Erreur : la vérification n'a pas vu {LINES} lignes sans faute :\n{answer.decode()}")
    return seconds, usage.ru_maxrss / 1024


def main():
    chosen = options()
    folder = Path(tempfile.mkdtemp(prefix="finage-audit-", dir="/var/tmp"))
    try:
        with server() as here:
            here.fresh(DATABASE)
            environment = {**os.environ, "DATABASE_URL": here.url(DATABASE), "FINAGE_DATA_DIR": str(folder)}
            print(f"  {LINES} lignes…", flush=True)
            here.sql(DATABASE, LOOKS)
            port, start = free_port(), time.perf_counter()
            with running(["serve", "--data-dir", folder, "--bind", f"127.0.0.1:{port}"], {"DATABASE_URL": here.url(DATABASE)}):
                wait_until(port, "/api/configuration")
                while here.sql(DATABASE, "select exists (select from journal.acces where rang is null)") == "t":
                    time.sleep(0.5)
                sealed = time.perf_counter() - start
            here.sql(DATABASE, "vacuum analyze journal.acces")
            found = [verify(environment) for _ in range(chosen.runs)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds, memory = [run[0] for run in found], max(run[1] for run in found)
    median = statistics.median(seconds)
    rows = [
        ["scellement de l'arriéré, serveur démarré", f"{sealed:.1f} s", f"{LINES / sealed:,.0f} lignes/s", ""],
        ["vérification (médiane)", f"{median:.1f} s", f"{LINES / median:,.0f} lignes/s", f"{median / GOAL_S:.2f}"],
        ["vérification (max)", f"{max(seconds):.1f} s", f"mémoire : {memory:.0f} Mo", f"{max(seconds) / GOAL_S:.2f}"],
    ]
    table(f"Journal : {LINES} lignes scellées (objectif : vérifiées en {GOAL_S} s)", ["mesure", "durée", "soit", "/ objectif"], rows)
    write(chosen.out, "audit", {"lignes": LINES, "scellement_s": sealed, "verification_s": seconds, "memoire_mio": memory, "objectif_s": GOAL_S})


if __name__ == "__main__":
    main()
