"""What rights cost: questions on 500,000 rows of collectivités with policies and without, and a sheet read with a token."""

import hashlib
import http.client
import statistics
import time

from database import server
from measure import FINAGE, ROOT, options, table, timed, write
from serving import free_port, running, wait_until

DATABASE = "droits"
ROWS = 500_000
OWNERS = 25
GOAL_RATIO = 1.5
GOAL_MS, GOAL_SHARE = 0.4, 0.25
TOKEN = "fin_" + "a" * 43

# Twenty-five communes with the mission; one EPCI of five of them asks.
WORLD = f"""
insert into core.commune (insee, nom, genre, cc_srid)
    select (90000 + n)::text, 'Commune ' || n, 'hors_cog', 3946 from generate_series(1, {OWNERS}) n on conflict do nothing;
insert into acces.collectivite (code, nom, genre)
    select (90000 + n)::text, 'Commune ' || n, 'commune' from generate_series(1, {OWNERS}) n;
insert into acces.collectivite (code, nom, genre) values ('epci', 'EPCI', 'epci');
insert into acces.territoire (collectivite, insee, du)
    select id, code, date '2020-01-01' from acces.collectivite where genre = 'commune'
    union all select e.id, c.code, date '2020-01-01' from acces.collectivite e, acces.collectivite c
        where e.code = 'epci' and c.genre = 'commune' and c.code <= '90005';
insert into acces.mission (collectivite, mission, insee, du) select collectivite, 'sig', insee, du from acces.territoire;
alter table core.annotation disable trigger user;
insert into core.annotation (collectivite, insee, titre, geom)
    select c.id, c.code, 'repère ' || md5(n::text), st_setsrid(st_makepoint(800000 + (n * 7919::bigint) % 100000, 6500000 + (n * 104729::bigint) % 100000), 2154)
    from generate_series(1, {ROWS}) n
    join (select id, code, row_number() over (order by code) - 1 as rang from acces.collectivite where genre = 'commune') c on c.rang = n % {OWNERS};
alter table core.annotation enable trigger user;
create table core.annotation_sans (like core.annotation including all);
insert into core.annotation_sans select * from core.annotation;
grant select on core.annotation_sans to finage_app;
"""

# An agent of the EPCI, its role and its token.
AGENT = f"""
insert into acces.utilisateur (id, email, nom) values ('00000000-0000-4000-8000-000000000001', 'agent@exemple.invalid', 'Agent d''essai');
insert into acces.attribution (utilisateur, role, collectivite)
    select '00000000-0000-4000-8000-000000000001', r.id, c.id from acces.role r, acces.collectivite c where r.code = 'agent' and c.code = 'epci';
insert into acces.jeton (id, empreinte, utilisateur, collectivite, libelle, portee, expire_le)
    select gen_random_uuid(), '\\x{hashlib.sha256(TOKEN.encode()).hexdigest()}', '00000000-0000-4000-8000-000000000001', id, 'mesure', '{{read}}', now() + interval '1 day'
    from acces.collectivite where code = 'epci';
"""

# Each question on the table with policies answers for the EPCI; on the copy, it says itself which rows are the EPCI's.
MINE = "(collectivite = {epci} or insee in ('90001', '90002', '90003', '90004', '90005'))"
QUESTIONS = {
    "cadre de 2 km": "geom && st_makeenvelope({x}, {y}, {x} + 2000, {y} + 2000, 2154)",
    "titre « ilike »": "core.cherchable(titre) like core.cherchable('%{word}%')",
    "identifiant": "id = '{id}'",
}
# So short without policies that only what they add, in milliseconds, says something.
UNBOUND = "identifiant"


def milliseconds(here, epci, conditions, relation, own):
    """Median milliseconds of the questions, and the rows they found, under the role of the application in one tenant transaction.

    Each is planned and run anew in the server itself: what psql and sockets take is not what is compared.
    """
    extra = f" and {MINE.format(epci=epci)}" if own else ""
    asked = ", ".join("$q$select count(*) from (select id, titre, geom from {} where {}{}) q$q$".format(relation, one, extra) for one in conditions)
    answer = here.sql(DATABASE, f"""
        begin read only;
        select set_config('finage.collectivite', '{epci}', true), set_config('finage.canal', 'api', true);
        set local role finage_app;
        set local jit = off;
        do $do$
        declare
            question text; start timestamptz; rows bigint; total bigint := 0; spent float8[] := '{{}}';
        begin
            foreach question in array array[{asked}] loop
                start := clock_timestamp();
                execute question into rows;
                spent := spent || extract(epoch from clock_timestamp() - start)::float8 * 1000;
                total := total + rows;
            end loop;
            perform set_config('finage.mesure', (select percentile_cont(0.5) within group (order by ms) from unnest(spent) ms)::text || ' ' || total::text, true);
        end $do$;
        select current_setting('finage.mesure');
        commit;""")
    median, rows = answer.splitlines()[-1].split()
    return float(median), int(rows)


def questions(here):
    """For each kind of question, a hundred of them, none twice."""
    ids = here.sql(DATABASE, "select id from core.annotation order by hashtext(id::text) limit 100").splitlines()
    words = here.sql(DATABASE, "select substr(titre, 8, 6) from core.annotation order by hashtext(titre) limit 100").splitlines()
    for name, pattern in QUESTIONS.items():
        yield name, [
            pattern.format(x=800000 + 951 * rank, y=6500000 + 977 * (rank * 7 % 100), word=words[rank], id=ids[rank]) for rank in range(100)
        ]


def policies(here, epci, runs):
    found = []
    for name, conditions in questions(here):
        with_policies, without, counts = [], [], set()
        for _ in range(runs + 1):
            # One beside the other, the first time to warm up.
            ms, rows = milliseconds(here, epci, conditions, "core.annotation", False)
            with_policies.append(ms)
            counts.add(rows)
            ms, rows = milliseconds(here, epci, conditions, "core.annotation_sans", True)
            without.append(ms)
            counts.add(rows)
        if len(counts) != 1:
            raise SystemExit(f"Erreur : « {name} » ne trouve pas les mêmes lignes avec et sans politiques : {counts}")
        ours, bare = statistics.median(with_policies[1:]), statistics.median(without[1:])
        found.append({"question": name, "lignes": counts.pop(), "avec_ms": ours, "sans_ms": bare, "rapport": ours / bare})
    return found


def sheets(port, idus):
    """Milliseconds of each sheet, asked in turn without and with a token on two kept-alive connections."""
    plain, known = (http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(2))

    def one(connection, path, headers):
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"Erreur : {path} a répondu {answer.status}.")
        return (time.perf_counter() - start) * 1000

    token, without, with_token = {"Authorization": f"Bearer {TOKEN}"}, [], []
    for rank, idu in enumerate(idus):
        path = f"/api/parcelles/{idu}"
        asked = [lambda: without.append(one(plain, path, {})), lambda: with_token.append(one(known, path, token))]
        # Who comes first finds the caches of PostgreSQL cold: each in its turn.
        for ask in asked if rank % 2 else reversed(asked):
            ask()
    return without, with_token


def main():
    chosen = options()
    with server() as here:
        here.fresh(DATABASE)
        environment = {"DATABASE_URL": here.url(DATABASE)}
        print(f"  {ROWS} lignes…", flush=True)
        here.sql(DATABASE, WORLD)
        here.sql(DATABASE, AGENT)
        here.sql(DATABASE, "vacuum analyze core.annotation")
        here.sql(DATABASE, "vacuum analyze core.annotation_sans")
        epci = here.sql(DATABASE, "select id from acces.collectivite where code = 'epci'")
        found = policies(here, epci, chosen.runs)
        timed([FINAGE, "import", "edigeo", "--departement", "99", *sorted((ROOT / "data-samples" / "edigeo").rglob("*.tar.bz2"))], environment)
        idus = here.sql(DATABASE, "select idu from cadastre.parcelle order by hashtext(idu) limit 500").splitlines()
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], environment):
            wait_until(port, "/api/configuration")
            sheets(port, idus)
            without, with_token = (statistics.median(values) for values in sheets(port, idus))
    table(f"Politiques : {ROWS} lignes de {OWNERS} collectivités, médiane de 100 questions (objectif : ≤ {GOAL_RATIO}×)",
          ["question", "lignes", "avec", "sans", "de plus", "rapport", "/ objectif"],
          [[one["question"], one["lignes"], f"{one['avec_ms']:.2f} ms", f"{one['sans_ms']:.2f} ms", f"{one['avec_ms'] - one['sans_ms']:.2f} ms",
            f"{one['rapport']:.2f}", f"{one['rapport'] / GOAL_RATIO:.2f}" if one["question"] != UNBOUND else ""] for one in found])
    more = with_token - without
    table(f"Fiche lue avec un jeton (objectif : ≤ {GOAL_MS} ms et ≤ {GOAL_SHARE:.0%} de plus)", ["sans", "avec", "de plus", "soit"],
          [[f"{without:.2f} ms", f"{with_token:.2f} ms", f"{more:.2f} ms", f"{more / without:.0%}"]])
    write(chosen.out, "rights", {"lignes": ROWS, "objectif_rapport": GOAL_RATIO, "questions": found, "objectif_ms": GOAL_MS, "objectif_part": GOAL_SHARE,
                                 "fiche_sans_jeton_ms": without, "fiche_avec_jeton_ms": with_token})


if __name__ == "__main__":
    main()
