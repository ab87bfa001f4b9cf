"""Tiles of parcels beside Martin on the same table, and beside bytes served from memory: same machine, same tiles, in turns."""

import http.client
import json
import random
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

import parcels
from clients import CLIENTS, load, needed
from database import server
from measure import options, skip, table, write
from mvt import texts
from peers import LAYER, bare, bare_program, finage, martin, martin_program
from processes import memory_mib

DATABASE = "tuiles"
TILES = 2_000
ZOOMS = range(12, 19)
SEED = 7
SECONDS = 15
GZIP = "gzip"
# Zooms of full detail whatever the settings, and how many of their tiles are compared with PostGIS.
COMPARED_ZOOMS, COMPARED = range(14, 19), 60
# Name, settings of Finage, cache of Martin, encoding asked for, goals.
COLD = {"tuiles_cache": "0"}
CONDITIONS = [
    ("à froid, même détail", {**COLD, "tuiles_simplifiees": "false"}, False, None, {"rapport": 15, "p99_ms": 20}),
    ("à froid, comme servies", COLD, False, None, {"rapport": 30}),
    ("visitées, sans compression", {}, True, None, {}),
    ("navigateur : visitées, gzip", {}, True, GZIP, {"rapport": 20, "part_octets": 0.6}),
]
OCCUPIED = """
select distinct floor((st_x(p) / 40075016.68557849 + 0.5) * 2^{zoom})::integer, floor((0.5 - st_y(p) / 40075016.68557849) * 2^{zoom})::integer
from (select st_transform(st_pointn(st_exteriorring(st_geometryn(geom, 1)), 1), 3857) as p from cadastre.parcelle) one order by 1, 2
"""
# Who touches the tile with its margin of 64 units, one less (they must be there) and one more (nobody else may).
THERE = """
select idu, st_intersects(g, st_tileenvelope({z}, {x}, {y}, margin => 63.0 / 4096)) from (
    select idu, st_transform(geom, 3857) as g from cadastre.parcelle
    where geom && st_transform(st_segmentize(st_tileenvelope({z}, {x}, {y}, margin => 0.05), 20037508.0 / 2 ^ {z}), 2154)) near
where st_intersects(g, st_tileenvelope({z}, {x}, {y}, margin => 65.0 / 4096))
"""


def zooms(running):
    """Those of the bench that have parcels in Finage."""
    lowest = json.loads(fetched(running, [()])[()])["minzoom"]
    if lowest > ZOOMS.start:
        skip(f"zooms {ZOOMS.start} à {lowest - 1}", "ce binaire n'y dessine pas les parcelles")
    return range(max(ZOOMS.start, lowest), ZOOMS.stop)


def drawn(here, zooms_drawn):
    """`TILES` tiles that have parcels, the same number at each zoom, in an order of no meaning; the same ones each time."""
    deepest = max(zooms_drawn)
    rows = here.sql(DATABASE, OCCUPIED.format(zoom=deepest)).splitlines()
    places = [tuple(int(part) for part in row.split("|")) for row in rows]
    chance, found = random.Random(SEED), []
    for rank, zoom in enumerate(zooms_drawn):
        shift = deepest - zoom
        there = sorted({(x >> shift, y >> shift) for x, y in places})
        wanted = TILES * (rank + 1) // len(zooms_drawn) - TILES * rank // len(zooms_drawn)
        # The lowest zooms have fewer tiles than that: each is then asked for as often as others.
        some = [tile for _ in range(wanted // len(there)) for tile in there] + chance.sample(there, wanted % len(there))
        found += [(zoom, x, y) for x, y in some]
    chance.shuffle(found)
    return found


def fetched(running, tiles, encoding=None):
    """The bytes of each of these tiles, as they came; one that is empty ends the measure."""
    connection, found = http.client.HTTPConnection("127.0.0.1", running.port, timeout=120), {}
    for tile in tiles:
        if tile not in found:
            connection.request("GET", running.path(tile), headers={"Accept-Encoding": encoding} if encoding else {})
            answer = connection.getresponse()
            found[tile] = answer.read()
            if answer.status != 200:
                raise SystemExit(f"Erreur : {running.name}, {running.path(tile)} a répondu {answer.status}.")
    return found


def turns(here, servers, tiles, encoding, runs):
    """Medians of what each server did in its turns."""
    figures = {one.name: [] for one in servers}
    for turn in range(runs):
        for rank in range(len(servers)):
            one = servers[(rank + turn) % len(servers)]
            found = load(one.port, [one.path(tile) for tile in tiles], SECONDS, {"serveur": one.process.pid, "postgresql": here.pid}, encoding)
            figures[one.name].append({**found, **memory_mib(one.process.pid)})
    return {name: {key: statistics.median(one[key] for one in found) for key in found[0]} for name, found in figures.items()}


def condition(here, folder, tiles, runs, name, wanted, cached, encoding):
    """Figures of the servers there are, in one condition."""
    print(f"  {name}…", flush=True)
    with ExitStack() as stack:
        detail = "complet" if wanted.get("tuiles_simplifiees") == "false" else "simplifie"
        servers = [stack.enter_context(finage("finage", here.url(DATABASE), folder / detail, wanted))]
        if martin_program():
            servers.append(stack.enter_context(martin("martin", martin_program(), here, DATABASE, folder / "martin", cached)))
        if cached:
            bodies = [fetched(one, tiles, encoding) for one in servers]
            if encoding and bare_program():
                servers.append(stack.enter_context(bare(bare_program(), bodies[0], folder / "octets")))
        else:
            # PostgreSQL reads its pages, and the system those of files, before anybody is timed.
            for one in servers:
                load(one.port, [one.path(tile) for tile in tiles], 5, {}, encoding)
        return turns(here, servers, tiles, encoding, runs)


def compared(here, folder, running, tiles):
    """Features of tiles of full detail that PostGIS gives and a tile lacks, or the reverse, for each server."""
    sample = [tile for tile in dict.fromkeys(tiles) if tile[0] in COMPARED_ZOOMS][:COMPARED]
    found = {}
    with ExitStack() as stack:
        servers = [running]
        if martin_program():
            servers.append(stack.enter_context(martin("martin", martin_program(), here, DATABASE, folder / "martin", False)))
        for one in servers:
            counted = {"tuiles": len(sample), "objets": 0, "manquants": 0, "en_trop": 0, "en_double": 0}
            for tile, body in fetched(one, sample).items():
                ids = texts(body, LAYER, "idu")
                rows = [row.split("|") for row in here.sql(DATABASE, THERE.format(z=tile[0], x=tile[1], y=tile[2])).splitlines()]
                counted["objets"] += len(ids)
                counted["manquants"] += len({idu for idu, sure in rows if sure == "t"} - set(ids))
                counted["en_trop"] += len(set(ids) - {idu for idu, _ in rows})
                counted["en_double"] += len(ids) - len(set(ids))
            found[one.name] = counted
    return found


def told(name, goals, figures):
    """What a condition gave, as soon as it did."""
    header = ["serveur", "tuiles/s", "p50", "p95", "p99", "CPU serveur", "CPU PostgreSQL", "mémoire", "octets", "autres processus"]
    rows = [[one, f"{f['par_seconde']:.0f}", f"{f['p50_ms']:.2f} ms", f"{f['p95_ms']:.2f} ms", f"{f['p99_ms']:.2f} ms", f"{f['cpu_serveur_ms']:.3f} ms",
             f"{f['cpu_postgresql_ms']:.3f} ms", f"{f['rss_mio']:.0f} Mio", f"{f['octets_tuile'] / 1000:.1f} ko", f"{f['autres_part']:.0%}"] for one, f in figures.items()]
    table(f"{name} ({CLIENTS} clients)", header, rows)
    ours = figures["finage"]
    for peer, key in (("martin", "rapport"), ("octets", "part_octets")):
        if peer in figures:
            ratio = ours["par_seconde"] / figures[peer]["par_seconde"]
            spent = [one["cpu_serveur_ms"] + one["cpu_postgresql_ms"] for one in (figures[peer], ours)]
            goal = f" (objectif : ≥ {goals[key]})" if key in goals else ""
            print(f"  finage / {peer} : {ratio:.2f}{goal} ; processeur par tuile, {peer} / finage : {spent[0] / spent[1]:.2f}", flush=True)
    if "p99_ms" in goals:
        print(f"  p99 de finage : {ours['p99_ms']:.1f} ms (objectif : ≤ {goals['p99_ms']} ms)", flush=True)


def main():
    chosen = options(parcels=1_000_000, runs=3)
    needed()
    files = parcels.lots(chosen.parcels)
    if files is None:
        return
    if martin_program() is None:
        skip("Martin", "installez-le, ou donnez son chemin par BENCH_MARTIN")
    if bare_program() is None:
        skip("octets servis seuls", "cargo build --release --example octets")
    with server() as here, tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        here.fresh(DATABASE)
        print(f"  chargement de {chosen.parcels} parcelles…", flush=True)
        loaded = parcels.load(here, DATABASE, files)
        with finage("finage", here.url(DATABASE), folder / "simplifie", COLD) as running:
            tiles = drawn(here, zooms(running))
            same = compared(here, folder, running, tiles)
        table("Mêmes objets que PostGIS, à une unité près du bord", ["serveur", *same["finage"]], [[one, *counts.values()] for one, counts in same.items()])
        results = []
        for *asked, goals in CONDITIONS:
            results.append(condition(here, folder, tiles, chosen.runs, *asked))
            told(asked[0], goals, results[-1])
    write(chosen.out, "tiles", {"parcelles": chosen.parcels, "chargement_s": loaded, "tuiles": TILES, "zooms": sorted({zoom for zoom, _, _ in tiles}), "clients": CLIENTS, "secondes": SECONDS, "passages": chosen.runs,
                                "conditions": [{"nom": one[0], "reglages": one[1], "objectifs": one[-1], "serveurs": figures} for one, figures in zip(CONDITIONS, results)], "memes_objets": same})


if __name__ == "__main__":
    main()
