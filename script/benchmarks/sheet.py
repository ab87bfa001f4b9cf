"""The parcel sheet's API on 500,000 parcels."""

from loaded import DATABASE, sample, town
from measure import options, table, write
from serving import figures, latencies


def main():
    chosen = options()
    with town(chosen.parcels) as running_town:
        if running_town is None:
            return
        here, port = running_town
        parcels = int(here.sql(DATABASE, "select count(*) from cadastre.parcelle"))
        idus = sample(here, "select idu from cadastre.parcelle order by hashtext(idu) limit 1000")
        sheet = figures(latencies(port, [f"/api/parcelles/{idu}" for idu in idus]))
    table(f"Fiche parcellaire sur {parcels} parcelles (objectif : p95 ≤ 20 ms)", ["requêtes", "p50", "p95", "max", "p95 / objectif"],
          [[sheet["nombre"], f"{sheet['p50_ms']:.1f} ms", f"{sheet['p95_ms']:.1f} ms", f"{sheet['max_ms']:.1f} ms", f"{sheet['p95_ms'] / 20:.2f}"]])
    write(chosen.out, "sheet", {"parcelles": parcels, "objectif_p95_ms": 20, **sheet})


if __name__ == "__main__":
    main()
