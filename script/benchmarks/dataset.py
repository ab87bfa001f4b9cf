"""Generated parcels in the shape of the Etalab files, and their addresses as a BAL; kept in the cache."""

import csv
import functools
import gzip
import json
import subprocess
import sys

from measure import CACHE, SHARED, skip

GENERATOR = SHARED / "tools" / "gen_parcels.py"


def parcels(count):
    """Paths of (parcelles.json.gz, adresses.csv) for `count` parcels, or None where the generator is absent."""
    folder = CACHE / f"parcelles-{count}"
    etalab, bal = folder / "cadastre-99-parcelles.json.gz", folder / "bal-99.csv"
    if not (etalab.exists() and bal.exists()):
        if not GENERATOR.exists():
            skip(f"{count} parcelles engendrées", f"{GENERATOR.name} n'est pas à côté du dépôt")
            return None
        print(f"  génération de {count} parcelles (une fois)…", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([python(), GENERATOR, "--n", str(count), "--out", folder, "--dense"], check=True, stdout=subprocess.DEVNULL)
        _write_etalab(folder, etalab)
        _write_bal(folder, bal)
        for heavy in folder.glob("*.fgb"):
            heavy.unlink()
    return etalab, bal


@functools.cache
def python():
    """A Python that has the generator's own libraries."""
    environment = CACHE / "venv"
    if not (environment / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    subprocess.run([environment / "bin" / "pip", "install", "-q", "--disable-pip-version-check", "numpy", "shapely", "pyogrio"], check=True)
    return environment / "bin" / "python"


def _geojson_lines(folder, layer):
    """Features of a generated layer, in WGS 84 with the seven decimals of the Etalab files."""
    command = ["ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", folder / f"{layer}.fgb", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield from process.stdout
    if process.returncode != 0:
        raise SystemExit(f"Erreur : ogr2ogr n'a pas pu lire la couche {layer}.")


def _write_etalab(folder, target):
    partial = target.with_suffix(".part")
    with gzip.open(partial, "wt", compresslevel=4) as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for number, line in enumerate(_geojson_lines(folder, "parcelles")):
            feature = json.loads(line)
            properties = feature["properties"]
            for date in ("created", "updated"):
                properties[date] = properties[date][:10].replace("/", "-")  # a date, where GDAL writes an instant
            shaped = {"type": "Feature", "id": properties["id"], "geometry": feature["geometry"], "properties": properties}
            out.write((",\n" if number else "") + json.dumps(shaped, separators=(",", ":")))
        out.write("\n]}\n")
    partial.rename(target)


def _write_bal(folder, target):
    columns = ["cle_interop", "commune_insee", "commune_nom", "voie_nom", "numero", "suffixe", "position", "x", "y", "long", "lat",
               "cad_parcelles", "source", "date_der_maj", "certification_commune"]
    partial = target.with_suffix(".part")
    with open(partial, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(columns)
        for line in _geojson_lines(folder, "adresses"):
            feature = json.loads(line)
            address = feature["properties"]
            lon, lat = feature["geometry"]["coordinates"]
            insee = address["commune"]
            writer.writerow([address["id"], insee, f"Commune-Fictive {insee}", address["voie"], address["numero"], "", "entrée", "", "",
                             lon, lat, address["parcelle"], "génération", "2026-01-01", "1"])
    partial.rename(target)
