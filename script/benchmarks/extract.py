"""Extracts of one parcel: the first after a start, and parcels never asked for before."""

from loaded import DATABASE, sample, town
from measure import options, table, write
from serving import figures, free_port, latencies, running, wait_until

TARGET_MS = 2000
PARCELS = 200


def first_after_start(here, idus, runs):
    """A new server each time: connections, projections and fonts are all to be opened."""
    found = []
    for idu in idus[:runs]:
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], {"DATABASE_URL": here.url(DATABASE)}):
            wait_until(port, "/health")
            found += latencies(port, [f"/parcelle/{idu}/extrait.pdf"])
    return figures(found)


def main():
    chosen = options()
    with town(chosen.parcels) as running_town:
        if running_town is None:
            return
        here, port = running_town
        parcels = int(here.sql(DATABASE, "select count(*) from cadastre.parcelle"))
        idus = sample(here, f"select idu from cadastre.parcelle order by hashtext(idu) limit {PARCELS + 40}")
        unseen = figures(latencies(port, [f"/parcelle/{idu}/extrait.pdf" for idu in idus[40:]]))
        dense = figures(latencies(port, [f"/parcelle/{idu}/extrait.pdf?format=A3&echelle=5000" for idu in idus[40:90]]))
        first = first_after_start(here, idus, max(20, chosen.runs))
    rows = [
        [name, one["nombre"], f"{one['p50_ms']:.0f} ms", f"{one['p95_ms']:.0f} ms", f"{one['max_ms']:.0f} ms", f"{one['p95_ms'] / TARGET_MS:.2f}"]
        for name, one in [("parcelle jamais demandée, échelle proposée", unseen), ("A3 au 1/5000", dense), ("première demande après un démarrage", first)]
    ]
    table(f"Extrait PDF sur {parcels} parcelles (objectif : p95 ≤ 2 s)", ["cas", "extraits", "p50", "p95", "max", "p95 / objectif"], rows)
    write(chosen.out, "extract", {"parcelles": parcels, "objectif_p95_ms": TARGET_MS, "jamais_demandee": unseen, "a3_5000": dense, "premiere": first})


if __name__ == "__main__":
    main()
