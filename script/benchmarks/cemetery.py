"""A cemetery of 50,000 plots: first page of the list, tiles of the plan, the forecast, a way on foot."""

import hashlib
import http.client
import json
import math
import time
from urllib.parse import urlencode

from database import server
from measure import FINAGE, options, percentile, table, timed, write
from serving import free_port, running, wait_until

DATABASE = "cimetiere"
PLOTS = 50_000
GOALS = {"page": 300, "tuile": 150, "prevision": 5_000, "itineraire": 300}
TOKEN = "fin_" + "c" * 43
PLOT = "/api/modules/cimetiere/emplacement"
# First corner of the plan, Lambert-93.
CORNER = (843_000, 6_519_000)
# Seconds that the first start may take to compute what follows the day.
PATIENCE = 600

WORLD = """
insert into core.commune (insee, nom, genre, cc_srid) values ('99101', 'Valbrume', 'hors_cog', 3946) on conflict do nothing;
insert into acces.collectivite (code, nom, genre) values ('99101', 'Valbrume', 'commune');
insert into acces.territoire (collectivite, insee, du) select id, '99101', '2020-01-01' from acces.collectivite;
"""

# Ten cemeteries of fifty rows of a hundred plots; triggers of history are for edits, not for what is laid here.
LAID = f"""
create temporary table c as select id as collectivite from acces.collectivite;
alter table cimetiere.cimetiere disable trigger user;
alter table cimetiere.allee disable trigger user;
alter table cimetiere.entree disable trigger user;
alter table cimetiere.emplacement disable trigger user;
alter table cimetiere.personne disable trigger user;
alter table cimetiere.contrat disable trigger user;
alter table cimetiere.defunt disable trigger user;
alter table cimetiere.sejour disable trigger user;
create temporary table m as select k, gen_random_uuid() as id from generate_series(0, 9) k;
insert into cimetiere.cimetiere (id, collectivite, insee, libelle) select m.id, c.collectivite, '99101', 'Cimetière ' || k from m, c;
create temporary table a as select m.k, r, gen_random_uuid() as id, m.id as cimetiere from m, generate_series(0, 49) r;
insert into cimetiere.allee (id, collectivite, insee, cimetiere, libelle, genre, geom)
    select a.id, c.collectivite, '99101', a.cimetiere, 'Rang ' || r, 'rangee', st_multi(st_setsrid(st_makeline(
        st_makepoint({CORNER[0]} + k % 5 * 220, {CORNER[1]} + k / 5 * 180 + r * 3.4), st_makepoint({CORNER[0]} + k % 5 * 220 + 200, {CORNER[1]} + k / 5 * 180 + r * 3.4)), 2154))
    from a, c;
insert into cimetiere.allee (collectivite, insee, cimetiere, libelle, genre, geom)
    select c.collectivite, '99101', m.id, 'Allée centrale', 'allee', st_multi(st_setsrid(st_makeline(
        st_makepoint({CORNER[0]} + k % 5 * 220, {CORNER[1]} + k / 5 * 180 - 1), st_makepoint({CORNER[0]} + k % 5 * 220, {CORNER[1]} + k / 5 * 180 + 170)), 2154))
    from m, c;
insert into cimetiere.entree (collectivite, insee, cimetiere, libelle, geom)
    select c.collectivite, '99101', m.id, 'Entrée', st_setsrid(st_makepoint({CORNER[0]} + k % 5 * 220, {CORNER[1]} + k / 5 * 180 - 2), 2154) from m, c;
create temporary table e as
    select gen_random_uuid() as id, a.cimetiere, a.id as allee, a.k, a.r, n, row_number() over () as i from a, generate_series(1, 100) n;
insert into cimetiere.emplacement (id, collectivite, insee, cimetiere, allee, numero, repere, ordre, nature, geom, surface, surface_plan, places_cercueil, places_urne,
    statut, echeance, annee_fin, libres_cercueil, libres_urne, gagnables)
    select e.id, c.collectivite, '99101', e.cimetiere, e.allee, n::text, 'Rang ' || r || ' n° ' || n, cimetiere.cle_de_tri('Rang ' || r || ' n° ' || n),
        case when r >= 48 then 'terrain_commun' when r >= 46 then 'cavurne' else 'concession' end,
        st_multi(st_setsrid(st_makeenvelope({CORNER[0]} + k % 5 * 220 + n * 2 - 1.8, {CORNER[1]} + k / 5 * 180 + r * 3.4 + 0.5,
            {CORNER[0]} + k % 5 * 220 + n * 2 - 0.4, {CORNER[1]} + k / 5 * 180 + r * 3.4 + 2.7), 2154)), 2, 3.08, 1 + i % 4, 2,
        (array['occupe', 'occupe', 'occupe', 'echu_renouvelable', 'libre', 'echu_reprenable', 'occupe'])[1 + i % 7],
        case when i % 7 <> 4 then current_date - 2000 + (i * 37 % 14000)::integer end,
        case when i % 7 <> 4 then extract(year from current_date - 2000 + (i * 37 % 14000)::integer)::integer end, i % 3, 2, 0
    from e, c;
create temporary table p as select gen_random_uuid() as id, i from e where i % 7 <> 4;
insert into cimetiere.personne (id, collectivite, insee, nom, prenoms) select p.id, c.collectivite, '99101', 'TITULAIRE ' || i, 'Fictive' from p, c;
insert into cimetiere.contrat (collectivite, insee, numero, emplacement, genre, duree, etat, titulaire, acte_le, debut_le, fin_le, prix)
    select c.collectivite, '99101', 'M-' || e.i, e.id, 'achat', 'trentenaire', 'signe', p.id, d.le, d.le, d.le + 10957, 400
    from e join p using (i) cross join c cross join lateral (select current_date - 12957 + (e.i * 37 % 12900)::integer as le) d;
create temporary table d as select gen_random_uuid() as id, e.id as emplacement, e.i from e where e.i % 7 <> 4;
insert into cimetiere.defunt (id, collectivite, insee, nom, prenoms, deces_le, publie)
    select d.id, c.collectivite, '99101', 'DEFUNT ' || i, 'Fictif', current_date - (i * 37 % 12000)::integer - 4, true from d, c;
insert into cimetiere.sejour (collectivite, insee, defunt, emplacement, forme, du)
    select c.collectivite, '99101', d.id, d.emplacement, 'cercueil', current_date - (i * 37 % 12000)::integer from d, c;
alter table cimetiere.cimetiere enable trigger user;
alter table cimetiere.allee enable trigger user;
alter table cimetiere.entree enable trigger user;
alter table cimetiere.emplacement enable trigger user;
alter table cimetiere.personne enable trigger user;
alter table cimetiere.contrat enable trigger user;
alter table cimetiere.defunt enable trigger user;
alter table cimetiere.sejour enable trigger user;
"""

AGENT = f"""
insert into acces.utilisateur (id, email, nom) values ('00000000-0000-4000-8000-000000000002', 'cimetiere@exemple.invalid', 'Agent d''essai');
insert into acces.attribution (utilisateur, role, collectivite, finalites)
    select '00000000-0000-4000-8000-000000000002', r.id, c.id, '{{cimetiere}}' from acces.role r, acces.collectivite c where r.code = 'cimetiere_agent';
insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
    select gen_random_uuid(), '\\x{hashlib.sha256(TOKEN.encode()).hexdigest()}', '00000000-0000-4000-8000-000000000002', id, 'mesure', '{{read,write}}', now() + interval '1 day'
    from acces.collectivite;
"""


def asked(connection, path):
    """Milliseconds of one answer, and its bytes."""
    start = time.perf_counter()
    connection.request("GET", path, None, {"Authorization": f"Bearer {TOKEN}"})
    answer = connection.getresponse()
    content = answer.read()
    spent = (time.perf_counter() - start) * 1000
    if answer.status not in (200, 204):
        raise SystemExit(f"Erreur : {path} a répondu {answer.status} : {content[:300]}")
    return spent, content


def pages(connection):
    """First pages of lists that a clerk opens, each with another order."""
    asks = [
        {"liste": "plan"}, {"liste": "libres"}, {"liste": "reprenables"}, {"liste": "pleins"}, {"q": "Rang 12 n° 8"},
        {"filter": "nature = 'concession' and statut = 'libre'", "sort": "-surface,ordre"}, {"sort": "echeance"}, {"filter": "annee_fin = 2031", "sort": "ordre"},
    ]
    found = []
    for rank in range(88):
        spent, content = asked(connection, f"{PLOT}?{urlencode({**asks[rank % len(asks)], 'limite': 100})}")
        if json.loads(content)["total"] == 0 and rank % len(asks) != 3:
            raise SystemExit(f"Erreur : la page {asks[rank % len(asks)]} est vide.")
        found.append(spent)
    return found[8:]


def tiles(connection):
    """Tiles of the plan, from the whole to a row."""
    row = json.loads(asked(connection, f"{PLOT}?{urlencode({'q': 'Rang 25 n° 50', 'fields': 'geometrie', 'limite': 1})}")[1])["fiches"][0]
    lon, lat = row["geometrie"]["coordinates"][0][0][0]
    found = {}
    for zoom in (16, 17, 18):
        side = 2**zoom
        x = math.floor((lon + 180) / 360 * side)
        y = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
        spent, bytes_ = [], 0
        for rank in range(40):
            took, content = asked(connection, f"/tiles/cimetiere_emplacement/{zoom}/{x + rank % 3 - 1}/{y + rank // 3 % 3 - 1}")
            spent.append(took)
            bytes_ = max(bytes_, len(content))
        if bytes_ == 0:
            raise SystemExit(f"Erreur : aucune tuile au zoom {zoom}.")
        found[zoom] = (spent[9:], bytes_)
    return found


def main():
    chosen = options()
    with server() as here:
        here.fresh(DATABASE)
        environment = {"DATABASE_URL": here.url(DATABASE)}
        here.sql(DATABASE, WORLD)
        timed([FINAGE, "module", "install", "cimetiere"], environment)
        print(f"  {PLOTS} emplacements…", flush=True)
        here.sql(DATABASE, LAID)
        here.sql(DATABASE, AGENT)
        here.sql(DATABASE, "vacuum analyze")
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], environment):
            wait_until(port, "/api/configuration")
            # The day's fields are computed once, at the first start of a day: nobody measures that here.
            start = time.perf_counter()
            while int(here.sql(DATABASE, "select count(*) from core.recalcul")) > 0 and time.perf_counter() - start < PATIENCE:
                time.sleep(2)
            print(f"  champs du jour : {time.perf_counter() - start:.0f} s", flush=True)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            page, tile = pages(connection), tiles(connection)
            runs = max(chosen.runs, 3)
            forecast = [asked(connection, "/api/bilans/cimetiere/prevision?parametres=annees:10")[0] for _ in range(runs)]
            ids = [row["id"] for row in json.loads(asked(connection, f"{PLOT}?limite=40&sort=echeance")[1])["fiches"]]
            way = [asked(connection, f"{PLOT}/{one}/itineraire")[0] for one in ids]
    lines = [["première page de 50 000 emplacements, listes et filtres du métier", f"{percentile(page, 50):.0f} ms", f"{percentile(page, 95):.0f} ms", f"≤ {GOALS['page']} ms"]]
    for zoom, (spent, bytes_) in tile.items():
        lines.append([f"tuile du plan au zoom {zoom} ({bytes_ / 1024:.0f} Kio au plus)", f"{percentile(spent, 50):.0f} ms", f"{percentile(spent, 95):.0f} ms", f"≤ {GOALS['tuile']} ms"])
    lines.append(["prévision des places, quatre tableaux", f"{percentile(forecast, 50):.0f} ms", f"{max(forecast):.0f} ms", f"≤ {GOALS['prevision']} ms"])
    lines.append(["itinéraire à pied, 51 allées", f"{percentile(way, 50):.0f} ms", f"{percentile(way, 95):.0f} ms", f"≤ {GOALS['itineraire']} ms"])
    table("Cimetière de 50 000 emplacements", ["mesure", "médiane", "p95", "objectif"], lines)
    write(chosen.out, "cemetery", {"page_ms": page, "tuiles_ms": {str(zoom): spent for zoom, (spent, _) in tile.items()}, "prevision_ms": forecast, "itineraire_ms": way, "objectifs": GOALS})


if __name__ == "__main__":
    main()
