"""What ten times more parcels change: time to build and to open the snapshot, its disk, memory of the server, latency of tiles."""

import tempfile
import time
from pathlib import Path

import parcels
import tiles
from clients import load, needed
from database import server
from measure import options, table, write
from peers import finage
from processes import memory_mib

DATABASE = tiles.DATABASE
GOALS = {"p99_rapport": 1.3, "octets_par_parcelle": 250, "ouverture_s": 2, "million_construit_s": 10}


def measured(here, folder, count, files):
    """Figures of a server of `count` parcels."""
    here.fresh(DATABASE)
    print(f"  chargement de {count} parcelles…", flush=True)
    parcels.load(here, DATABASE, files)
    start = time.perf_counter()
    with finage("finage", here.url(DATABASE), folder, tiles.COLD) as building:
        built = time.perf_counter() - start
        most = memory_mib(building.process.pid)["pic_mio"]
        drawn = tiles.drawn(here, tiles.zooms(building))
        time.sleep(5)
        after = memory_mib(building.process.pid)
    start = time.perf_counter()
    with finage("finage", here.url(DATABASE), folder, tiles.COLD) as running:
        tiles.fetched(running, drawn[:1])
        opening = time.perf_counter() - start
        paths = [running.path(tile) for tile in drawn]
        load(running.port, paths, 5, {})
        figures = load(running.port, paths, tiles.SECONDS, {"serveur": running.process.pid, "postgresql": here.pid})
        memory = memory_mib(running.process.pid)
    disk = sum(file.stat().st_size for file in (folder / "instantanes").glob("parcelles*"))
    table_bytes = int(here.sql(DATABASE, "select pg_total_relation_size('cadastre.parcelle')"))
    return {"parcelles": count, "construction_s": built, "construction_pic_mio": most, "apres_construction": after, "ouverture_s": opening, "memoire": memory,
            "octets_par_parcelle": memory["rss_mio"] * 2**20 / count, "instantane_octets": disk, "table_octets": table_bytes, "tuiles": figures}


def main():
    chosen = options(parcels=10_000_000, runs=1)
    needed()
    files = parcels.lots(chosen.parcels)
    if files is None:
        return
    counts = [(parcels.LOT, files[:1]), (chosen.parcels, files)]
    with server() as here, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        found = [measured(here, Path(folder) / str(count), count, some) for count, some in counts]
    few, many = found
    ratio = many["tuiles"]["p99_ms"] / few["tuiles"]["p99_ms"]

    def line(name, of, goal=""):
        return [name, of(few), of(many), goal]

    table("Croissance", ["mesure", *(f"{one['parcelles']:,} parcelles".replace(",", " ") for one in found), "objectif"], [
        line("instantané construit, démarrage et lecture compris", lambda one: f"{one['construction_s']:.1f} s", f"1 million : ≤ {GOALS['million_construit_s']} s"),
        line("mémoire au plus pendant la construction", lambda one: f"{one['construction_pic_mio']:.0f} Mio"),
        line("démarrage jusqu'à la première tuile", lambda one: f"{one['ouverture_s']:.2f} s", f"< {GOALS['ouverture_s']} s"),
        line("mémoire du serveur (RSS), octets par parcelle", lambda one: f"{one['octets_par_parcelle']:.0f}", f"≤ {GOALS['octets_par_parcelle']}"),
        line("dont fichiers, dont propre", lambda one: f"{one['memoire']['fichiers_mio']:.0f} + {one['memoire']['propre_mio']:.0f} Mio"),
        line("instantané sur le disque", lambda one: f"{one['instantane_octets'] / 1e6:.0f} Mo"),
        line("table et index de PostgreSQL", lambda one: f"{one['table_octets'] / 1e6:.0f} Mo"),
        line("tuiles/s", lambda one: f"{one['tuiles']['par_seconde']:.0f}"),
        line("p50, p99", lambda one: f"{one['tuiles']['p50_ms']:.2f}, {one['tuiles']['p99_ms']:.2f} ms", f"p99 × {GOALS['p99_rapport']} au plus : {ratio:.2f}"),
        line("autres processus pendant la mesure", lambda one: f"{one['tuiles']['autres_part']:.0%}"),
    ])
    write(chosen.out, "growth", {"mesures": found, "p99_rapport": ratio, "objectifs": GOALS})


if __name__ == "__main__":
    main()
