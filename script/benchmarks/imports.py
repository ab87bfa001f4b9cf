"""Imports beside ogr2ogr: same PostgreSQL, same database, alternating runs, medians."""

import json
import os
import subprocess
import sys
import tarfile

import dataset
from database import server
from measure import CACHE, FINAGE, SHARED, compare, options, skip, table, timed, write

SCHEMA = "pair"
DATABASE = "mesure"


def ogr2ogr(here, source, *more):
    return ["ogr2ogr", "-f", "PostgreSQL", f"{here.ogr(DATABASE)} active_schema={SCHEMA}", source, "-lco", "GEOMETRY_NAME=geom", *more]


def edigeo(here):
    """The eight feuilles of Luxiol. ogr2ogr reads the unpacked files (unpacking is not counted against it), one run a feuille."""
    archives = sorted((SHARED / "data" / "cadastre_edigeo" / "25354").glob("*.tar.bz2"))
    if not archives:
        return None
    commands = []
    for archive in archives:
        folder = CACHE / "edigeo" / archive.name.split(".")[0]
        if not folder.exists():
            with tarfile.open(archive) as content:
                content.extractall(folder, filter="data")
        thf = next(path for path in folder.rglob("*") if path.suffix.upper() == ".THF")
        commands.append(ogr2ogr(here, thf, "-append", "-addfields", "-nlt", "PROMOTE_TO_MULTI"))
    return "EDIGEO, 8 feuilles (25354)", 3.0, [FINAGE, "import", "edigeo", *archives], commands, f"{SCHEMA}.parcelle_id"


def etalab(here):
    """One whole commune nouvelle."""
    source = SHARED / "data" / "cadastre_etalab" / "cadastre-69114-parcelles.json.gz"
    if not source.exists():
        return None
    return "Etalab, une commune (69114)", 1.0, [FINAGE, "import", "etalab", source], [_geojson(here, source)], f"{SCHEMA}.parcelles"


def million(here):
    """A million generated parcels in one file."""
    made = dataset.parcels(1_000_000)
    if made is None:
        return None
    return "Etalab, 1 000 000 parcelles", 2.0, [FINAGE, "import", "etalab", made[0]], [_geojson(here, made[0])], f"{SCHEMA}.parcelles"


def _geojson(here, source):
    return ogr2ogr(here, f"/vsigzip/{source}", "-nln", "parcelles", "-t_srs", "EPSG:2154", "-nlt", "PROMOTE_TO_MULTI")


def run(here, ours, theirs, table_of_peer, first):
    """One run of each side in the same fresh database; `first` says who starts."""
    here.fresh(DATABASE)
    here.sql(DATABASE, f"create schema {SCHEMA}")
    seconds = {}
    for side in (first, "pair" if first == "finage" else "finage"):
        if side == "finage":
            seconds[side] = timed(ours, {"DATABASE_URL": here.url(DATABASE)})
        else:
            seconds[side] = sum(timed(command, {"PG_USE_COPY": "YES"}) for command in theirs)
    counts = {
        "finage": int(here.sql(DATABASE, "select count(*) from cadastre.parcelle")),
        "pair": int(here.sql(DATABASE, f"select count(*) from {table_of_peer}")),
    }
    return seconds, counts


def main():
    chosen = options()
    if subprocess.run(["sh", "-c", "command -v ogr2ogr"], capture_output=True, check=False).returncode != 0:
        sys.exit("Erreur : ogr2ogr est introuvable ; installez-le avec : apt-get install gdal-bin")
    cases, rows = [], []
    with server() as here:
        for make in (edigeo, etalab, million):
            case = make(here)
            if case is None:
                if make is not million:
                    skip(make.__name__, "les fichiers réels ne sont pas à côté du dépôt")
                continue
            name, target, ours, theirs, table_of_peer = case
            runs, counts = {"finage": [], "pair": []}, {}
            for number in range(chosen.runs):
                seconds, counts = run(here, ours, theirs, table_of_peer, ("finage", "pair")[number % 2])
                for side, value in seconds.items():
                    runs[side].append(value)
            result = {"cas": name, "objectif": target, "parcelles": counts, **compare(runs["finage"], runs["pair"])}
            cases.append(result)
            rows.append([name, counts["finage"], counts["pair"], f"{result['finage_mediane_s']:.2f} s", f"{result['pair_mediane_s']:.2f} s",
                         f"{result['rapport']:.2f}×", f"≥ {target:g}×"])
    table(f"Imports (médiane de {chosen.runs} passages alternés)",
          ["cas", "parcelles", "parcelles ogr2ogr", "finage", "ogr2ogr", "rapport", "objectif"], rows)
    write(chosen.out, "import", {"passages": chosen.runs, "cas": cases})


if __name__ == "__main__":
    main()
