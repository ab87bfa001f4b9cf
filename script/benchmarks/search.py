"""First answer of the search box: what people type, half of it unfinished, on 500,000 parcels and addresses."""

import random

from loaded import DATABASE, sample, town
from measure import options, table, write
from serving import figures, latencies

EACH = 150


def queries(here):
    """Kinds of query, each a list of what is typed."""
    chance = random.Random(1)
    rows = [row.split("|") for row in sample(here, f"select idu, section, numero from cadastre.parcelle order by hashtext(idu) limit {EACH}")]
    addresses = sample(here, f"select libelle from core.recherche where genre = 'voie' order by hashtext(cle) limit {EACH}")
    numbered = [f"{chance.randrange(1, 60)} {address}" for address in addresses]
    return {
        "idu complet": [row[0] for row in rows],
        "référence « AB 145 »": [f"{row[1].lstrip('0')} {row[2]}" for row in rows],
        "référence collée « ab145 »": [f"{row[1].lstrip('0')}{row[2]}".lower() for row in rows],
        "adresse": numbered,
        "adresse en cours de frappe": [address[: max(4, len(address) - chance.randrange(1, 6))] for address in numbered],
        "commune en cours de frappe": [f"commune-fictive {number}"[: chance.randrange(5, 18)] for number in range(1, EACH)],
        "sans résultat": [f"zzxq {number}" for number in range(EACH)],
    }


def main():
    chosen = options()
    with town(chosen.parcels) as running_town:
        if running_town is None:
            return
        here, port = running_town
        parcels = int(here.sql(DATABASE, "select count(*) from cadastre.parcelle"))
        kinds, everything = {}, []
        asked = queries(here)
        for kind, typed in asked.items():
            found = latencies(port, [f"/api/recherche?q={text}&limit=10" for text in typed])
            kinds[kind] = figures(found)
            everything += found
        kinds["ensemble"] = figures(everything)
    rows = [[kind, f["nombre"], f"{f['p50_ms']:.1f} ms", f"{f['p95_ms']:.1f} ms", f"{f['max_ms']:.1f} ms", f"{f['p95_ms'] / 100:.2f}"] for kind, f in kinds.items()]
    table(f"Recherche sur {parcels} parcelles et leurs adresses (objectif : p95 ≤ 100 ms)", ["saisie", "requêtes", "p50", "p95", "max", "p95 / objectif"], rows)
    write(chosen.out, "search", {"parcelles": parcels, "objectif_p95_ms": 100, "saisies": kinds})


if __name__ == "__main__":
    main()
