"""Generated parcels at real vertex density, by lots of a million that fit in memory, and their load by COPY."""

import subprocess
import time

from dataset import GENERATOR, python
from measure import CACHE, ROOT, SHARED, skip

LOT = 1_000_000
# Kilometres between the origins of two lots, which are 54 wide: they lie side by side.
LOT_WIDTH = 60_000
# Departments that no commune of France has: one a lot, since the generator numbers communes within one.
DEPARTMENTS = ["99", *(f"{digit}{letter}" for digit in "98765431" for letter in "AB")]
COLUMNS = "idu, insee, prefixe, section, numero, contenance, arpentee, figuree, feuille, cree, maj, geom"
# As imports do for many rows: indexes are made once, after them.
UNINDEXED = """
do $$ declare one record; begin
    create table public.mesure_index as select pg_get_indexdef(indexrelid) as sql, indexrelid::regclass::text as name
        from pg_index where indrelid = 'cadastre.parcelle'::regclass and not indisprimary;
    for one in select name from public.mesure_index loop execute 'drop index ' || one.name; end loop;
    alter table cadastre.parcelle drop constraint parcelle_pkey;
end $$;
"""
INDEXED = """
set maintenance_work_mem = '512MB';
alter table cadastre.parcelle add primary key (idu);
do $$ declare one record; begin
    for one in select sql from public.mesure_index loop execute one.sql; end loop;
    drop table public.mesure_index;
    insert into core.commune (insee, nom, genre, cc_srid)
        select insee, 'Commune fictive ' || insee, 'hors_cog', 3946 from cadastre.parcelle group by insee;
    update core.couche set version = version + 1 where id = 'parcelles';
end $$;
"""


def lots(count):
    """Files of `count` generated parcels, each with its department; None where the generator is absent."""
    if not GENERATOR.exists():
        skip(f"{count} parcelles engendrées", f"{GENERATOR.relative_to(SHARED)} n'est pas à côté du dépôt")
        return None
    if count > LOT * len(DEPARTMENTS):
        raise SystemExit(f"Erreur : {LOT * len(DEPARTMENTS)} parcelles au plus.")
    sizes = [min(LOT, count - done) for done in range(0, count, LOT)]
    return [(_lot(rank, size), DEPARTMENTS[rank]) for rank, size in enumerate(sizes)]


def _lot(rank, size):
    """The file of a lot, kept in the cache."""
    folder = CACHE / "tuiles" / f"lot-{rank}-{size}"
    made = folder / "fait"
    if not made.exists():
        print(f"  génération de {size} parcelles, lot {rank + 1} (une fois)…", flush=True)
        place = ["--seed", str(rank + 1), "--offset-x", str(rank * LOT_WIDTH)]
        subprocess.run([python(), GENERATOR, "--n", str(size), "--dense", *place, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        for heavy in folder.glob("*.fgb"):
            if heavy.stem != "parcelles":
                heavy.unlink()
        made.touch()
    return folder / "parcelles.fgb"


def load(here, database, files):
    """Fills an empty Finage database and moves the version of the layer as an import does; seconds of it."""
    start = time.perf_counter()
    here.sql(database, UNINDEXED)
    # Communes are known once their parcels are: references are not checked meanwhile.
    copy = f"set session_replication_role = replica; copy cadastre.parcelle ({COLUMNS}) from stdin"
    for path, department in files:
        rows = subprocess.Popen([python(), ROOT / "script" / "benchmarks" / "parcels_copy.py", path, department], stdout=subprocess.PIPE)
        done = subprocess.run([*here.psql(database), "-c", copy], stdin=rows.stdout, capture_output=True, text=True, check=False)
        rows.stdout.close()
        if rows.wait() != 0 or done.returncode != 0:
            raise SystemExit(f"Erreur : chargement des parcelles : {done.stderr[-2000:]}")
    here.sql(database, INDEXED)
    here.sql(database, "vacuum (analyze, freeze) cadastre.parcelle")
    here.sql(database, "checkpoint")
    return time.perf_counter() - start
