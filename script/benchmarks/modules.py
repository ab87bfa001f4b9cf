"""The module engine: first page of 500,000 rows, a row made, 10,000 rows imported, thirty modules loaded."""

import csv
import hashlib
import http.client
import json
import os
import statistics
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

from database import server
from measure import FINAGE, ROOT, options, percentile, table, timed, write
from serving import free_port, running, wait_until

DATABASE = "modules"
ROWS = 500_000
IMPORTED = 10_000
MADE = 300
MODULES = 30
GOALS = {"page": 300, "creation": 15, "import": 10, "chargement": 300}
TOKEN = "fin_" + "a" * 43
OBJECTS = "/api/modules/objets_trouves/objet"

WORLD = """
insert into core.commune (insee, nom, genre, cc_srid) values ('99101', 'Valbrume', 'hors_cog', 3946) on conflict do nothing;
insert into acces.collectivite (code, nom, genre) values ('99101', 'Valbrume', 'commune');
insert into acces.territoire (collectivite, insee, du) select id, '99101', '2020-01-01' from acces.collectivite;
"""

# Rows as a town would have them in centuries; triggers of history are for edits, not for what is laid here.
LAID = f"""
alter table objets_trouves.objet disable trigger user;
insert into objets_trouves.objet (collectivite, insee, numero, designation, description, categorie, etat, trouve_le, valeur, echeance, geom)
    select c.id, '99101', (1900 + n % 120) || '-' || lpad(n::text, 6, '0'), 'objet ' || md5(n::text), repeat(md5((n * 7)::text) || ' ', 3),
        (array['cles', 'vetement', 'telephone', 'valeur', 'parapluie'])[1 + n % 5], (array['depose', 'rendu', 'cede'])[1 + n % 3],
        date '1980-01-01' + (n * 37 % 16000), (n % 900)::numeric / 10, date '1981-01-01' + (n * 37 % 16000),
        st_setsrid(st_makepoint(842000 + (n * 7919::bigint) % 4000, 6519000 + (n * 104729::bigint) % 4000), 2154)
    from generate_series(1, {ROWS}) n, acces.collectivite c;
alter table objets_trouves.objet enable trigger user;
"""

AGENT = f"""
insert into acces.utilisateur (id, email, nom) values ('00000000-0000-4000-8000-000000000001', 'agent@exemple.invalid', 'Agent d''essai');
insert into acces.attribution (utilisateur, role, collectivite, finalites)
    select '00000000-0000-4000-8000-000000000001', r.id, c.id, '{{restitution}}' from acces.role r, acces.collectivite c where r.code = 'objets_trouves_agent';
insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
    select gen_random_uuid(), '\\x{hashlib.sha256(TOKEN.encode()).hexdigest()}', '00000000-0000-4000-8000-000000000001', id, 'mesure', '{{read,write}}', now() + interval '1 day'
    from acces.collectivite;
"""


def asked(connection, method, path, body=None):
    """Milliseconds of one answer, and its JSON."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    start = time.perf_counter()
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    content = answer.read()
    spent = (time.perf_counter() - start) * 1000
    if answer.status not in (200, 201):
        raise SystemExit(f"Erreur : {method} {path} a répondu {answer.status} : {content[:300]}")
    return spent, json.loads(content)


def pages(port):
    """First pages, each with another filter and order: what an agent does who looks for something."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    orders = ["-trouve_le", "designation", "-valeur,numero", "echeance", "numero"]
    conditions = [
        "categorie = 'cles'", "etat = 'depose' and valeur > 20", "trouve_le >= date('2010-01-01')",
        "categorie in ('valeur', 'telephone') and etat <> 'rendu'", "designation like 'objet a%'",
    ]
    found = []
    for rank in range(120):
        query = {"filter": conditions[rank % 5], "sort": orders[rank // 5 % 5], "limite": 100}
        if rank % 4 == 3:
            query["q"] = hashlib.md5(str(rank).encode()).hexdigest()[:3]
        spent, answer = asked(connection, "GET", f"{OBJECTS}?{urlencode(query)}")
        if answer["total"] == 0 and "q" not in query:
            raise SystemExit(f"Erreur : la page {query} est vide.")
        found.append(spent)
    return found[10:]


def made(port):
    """Rows made one by one, each with its number, history and journal."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for rank in range(MADE + 20):
        body = {
            "champs": {"designation": f"essai {rank}", "categorie": "cles", "trouve_le": "2026-05-03", "valeur": "12.50"},
            "geometrie": {"type": "Point", "coordinates": [4.827, 45.757]},
        }
        found.append(asked(connection, "POST", OBJECTS, body)[0])
    return found[20:]


def imported(environment):
    """Seconds of a command that imports 10,000 rows, and of the same again, which changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "objets.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["designation", "categorie", "trouve_le", "valeur", "description"])
            for rank in range(IMPORTED):
                writer.writerow([f"importé {uuid.uuid4()}", "cles", "03/05/2026", "12,50", "x" * 60])
        start = time.perf_counter()
        timed([FINAGE, "module", "import", "objets_trouves.objet", str(path), "--collectivite", "99101"], environment)
        return time.perf_counter() - start


def many(folder):
    """Thirty modules of five objects."""
    for module in range(MODULES):
        root = Path(folder) / f"essai_{module}"
        (root / "objects").mkdir(parents=True)
        (root / "migrations").mkdir()
        (root / "module.toml").write_text(f'engine = 1\nid = "essai_{module}"\nversion = "1.0.0"\nlabel = "Essai {module}"\n[roles.agent]\nlabel = "Agent"\n')
        sql = []
        for rank in range(5):
            columns = ", ".join(f"champ_{column} text" for column in range(20))
            sql.append(f"create table table_{rank} (id uuid primary key default gen_random_uuid(), libelle text not null, {columns});")
            fields = "\n".join(f'[fields.champ_{column}]\nlabel = "Champ {column}"' for column in range(20))
            rights = '[[rights]]\nrole = "agent"\nactions = ["read", "create", "change"]'
            (root / "objects" / f"table_{rank}.toml").write_text(
                f'table = "essai_{module}.table_{rank}"\nlabel = "Table {rank}"\ntitle = "{{libelle}}"\n{fields}\n{rights}\n')
        (root / "migrations" / "0001_tables.sql").write_text("\n".join(sql))


def loaded(environment, runs):
    """Milliseconds in which the program reads thirty installed modules, as it says itself."""
    found = []
    for _ in range(runs):
        done = subprocess.run([FINAGE, "--json", "module", "list"], env={**os.environ, **environment}, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout)["chargement_ms"])
    return found


def main():
    chosen = options()
    with server() as here, tempfile.TemporaryDirectory() as folder:
        here.fresh(DATABASE)
        environment = {"DATABASE_URL": here.url(DATABASE), "FINAGE_MODULES_DIR": str(ROOT / "tests" / "modules")}
        here.sql(DATABASE, WORLD)
        timed([FINAGE, "module", "install", "objets_trouves"], environment)
        print(f"  {ROWS} lignes…", flush=True)
        here.sql(DATABASE, LAID)
        here.sql(DATABASE, AGENT)
        here.sql(DATABASE, "vacuum analyze objets_trouves.objet")
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], environment):
            wait_until(port, "/api/configuration")
            page, creation = pages(port), made(port)
        brought = imported(environment)
        here.fresh("trente")
        many(folder)
        thirty = {"DATABASE_URL": here.url("trente"), "FINAGE_MODULES_DIR": folder}
        for module in range(MODULES):
            timed([FINAGE, "module", "install", f"essai_{module}"], thirty)
        load = loaded(thirty, max(chosen.runs, 3))
    lines = [
        ["première page de 500 000 lignes, filtrée et triée", f"{percentile(page, 50):.0f} ms", f"{percentile(page, 95):.0f} ms", f"≤ {GOALS['page']} ms"],
        ["fiche créée, numéro, histoire et journal", f"{percentile(creation, 50):.1f} ms", f"{percentile(creation, 95):.1f} ms", f"≤ {GOALS['creation']} ms"],
        ["10 000 lignes importées", f"{brought:.1f} s", "", f"≤ {GOALS['import']} s"],
        ["30 modules chargés", f"{statistics.median(load):.0f} ms", f"{max(load):.0f} ms", f"< {GOALS['chargement']} ms"],
    ]
    table("Moteur de modules", ["mesure", "médiane", "p95", "objectif"], lines)
    write(chosen.out, "modules", {"page_ms": page, "creation_ms": creation, "import_s": brought, "chargement_ms": load, "objectifs": GOALS})


if __name__ == "__main__":
    main()
