"""500 extracts in one job, while the map goes on answering."""

import http.client
import json
import math
import random
import time

from loaded import DATABASE, sample, town
from measure import options, table, write
from serving import figures, latencies

TARGET_S = 240
EXTRACTS = 500
ZOOM = 16


def call(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def tiles(here):
    """Addresses of tiles where parcels are, in an order that no cache foresees."""
    points = sample(here, "select st_x(p) || ' ' || st_y(p) from (select st_transform(st_pointonsurface(geom), 4326) p from cadastre.parcelle order by hashtext(idu) limit 3000) t")
    found, side = [], 2**ZOOM
    for point in points:
        lon, lat = map(float, point.split())
        x = int((lon + 180) / 360 * side)
        y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
        found.append(f"/tiles/parcelles,batiments,labels/{ZOOM}/{x}/{y}")
    random.Random(7).shuffle(found)
    return found


def run(port, idus, sortie, addresses):
    """Seconds of one job and the latencies of the tiles asked for meanwhile."""
    start = time.perf_counter()
    status, answer = call(port, "POST", "/api/travaux", {"genre": "extraits", "parametres": {"parcelles": idus, "format": "A4", "sortie": sortie}})
    if status != 202:
        raise SystemExit(f"Erreur : le travail a été refusé ({status}) : {answer.decode()}")
    job = json.loads(answer)["id"]
    meanwhile, turn = [], 0
    while True:
        meanwhile += latencies(port, addresses[turn : turn + 5])
        turn = (turn + 5) % (len(addresses) - 5)
        state = json.loads(call(port, "GET", f"/api/travaux/{job}")[1])
        if state["etat"] not in ("attente", "en_cours"):
            break
        time.sleep(0.1)
    seconds = time.perf_counter() - start
    if state["etat"] != "fait":
        raise SystemExit(f"Erreur : le travail a fini en « {state['etat']} » : {state}")
    status, file = call(port, "GET", f"/api/travaux/{job}/resultat")
    if status != 200 or len(file) != state["resultat"]["octets"]:
        raise SystemExit(f"Erreur : le résultat ({status}, {len(file)} octets) n'est pas celui annoncé : {state['resultat']}")
    return {"secondes": seconds, "octets": len(file), "tuiles": figures(meanwhile)}


def main():
    chosen = options()
    with town(chosen.parcels) as running_town:
        if running_town is None:
            return
        here, port = running_town
        idus = sample(here, f"select idu from cadastre.parcelle order by hashtext(idu || 'lot') limit {EXTRACTS}")
        addresses = tiles(here)
        alone = figures(latencies(port, addresses[:300]))
        results = {sortie: run(port, idus, sortie, addresses[300:]) for sortie in ("zip", "pdf")}
    rows = [
        [sortie, f"{one['secondes']:.0f} s", f"{one['secondes'] / TARGET_S:.2f}", f"{one['octets'] / 1e6:.1f} Mo", f"{alone['p95_ms']:.0f} ms", f"{one['tuiles']['p95_ms']:.0f} ms", one["tuiles"]["nombre"]]
        for sortie, one in results.items()
    ]
    table(f"{EXTRACTS} extraits en un travail (objectif : ≤ 4 min)",
          ["sortie", "durée", "durée / objectif", "résultat", "tuile seule, p95", "tuile pendant, p95", "tuiles pendant"], rows)
    write(chosen.out, "batch", {"extraits": EXTRACTS, "objectif_s": TARGET_S, "tuiles_seules": alone, **results})


if __name__ == "__main__":
    main()
