"""From an edit to the first tile that shows it, while a hundred edits a second go on: half by the API, half by SQL."""

import http.client
import json
import queue
import random
import re
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager

from cemetery import AGENT, DATABASE, LAID, PATIENCE, PLOT, PLOTS, TOKEN, WORLD
from database import server
from measure import FINAGE, options, percentile, table, timed, write
from mvt import tile_of
from serving import free_port, running, wait_until

SECONDS = 60
PER_SECOND = 100
# One edit of so many is looked for in tiles; each is asked for at most so long.
LOOKED_FOR = 5
GIVEN_UP_S = 30
ZOOM = 18
API_CLIENTS, WATCHERS = 6, 4
GOAL_MS = 1_000
SEED = 7
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Plots:
    """Plots and their tiles; an edit gives one a number that no other ever had."""

    def __init__(self, here):
        asked = "select id, version, st_x(p), st_y(p) from (select id, version, st_transform(st_centroid(geom), 4326) p from cimetiere.emplacement) one order by id"
        rows = [row.split("|") for row in here.sql(DATABASE, asked).splitlines()]
        random.Random(SEED).shuffle(rows)
        self.paths = {key: "/tiles/cimetiere_emplacement/{}/{}/{}".format(ZOOM, *tile_of(float(lon), float(lat), ZOOM)) for key, _, lon, lat in rows}
        self.versions = {key: version for key, version, *_ in rows}
        self.keys = list(self.paths)

    def edit(self, rank):
        """Plot, and number it is given, of an edit; none is given twice."""
        return self.keys[rank % len(self.keys)], f"m{rank}z"


class Run:
    """What is measured while edits go on."""

    def __init__(self, here, port, plots, first):
        self.here, self.port, self.plots, self.first = here, port, plots, first
        self.due, self.shown = {"api": queue.Queue(), "sql": queue.Queue()}, queue.Queue()
        self.seen, self.latencies, self.late, self.unseen, self.failed = [], [], [], [], []
        self.over = threading.Event()

    def committed(self, rank, began):
        """An edit that just ended, begun so many seconds after its time."""
        at = time.perf_counter()
        self.late.append(began)
        if rank % LOOKED_FOR == 0:
            self.shown.put((rank, at))

    def schedule(self):
        start = time.perf_counter()
        for rank in range(self.first, self.first + SECONDS * PER_SECOND):
            at = start + (rank - self.first) / PER_SECOND
            time.sleep(max(0.0, at - time.perf_counter()))
            self.due["api" if rank % 2 else "sql"].put((rank, at))
        for _ in range(API_CLIENTS):
            self.due["api"].put(None)
        self.due["sql"].put(None)

    def by_api(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while (one := self.due["api"].get()) is not None:
            rank, at = one
            began = time.perf_counter() - at
            key, number = self.plots.edit(rank)
            headers = {**HEADERS, "Content-Type": "application/json", "If-Match": f'"{self.plots.versions[key]}"'}
            connection.request("PATCH", f"{PLOT}/{key}", json.dumps({"champs": {"numero": number}}), headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200:
                self.failed.append(f"{answer.status} {said[:200]}")
                continue
            self.committed(rank, began)

    def by_sql(self):
        with subprocess.Popen(self.here.psql(DATABASE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as psql:
            while (one := self.due["sql"].get()) is not None:
                rank, at = one
                began = time.perf_counter() - at
                key, number = self.plots.edit(rank)
                psql.stdin.write(f"update cimetiere.emplacement set numero = '{number}' where id = '{key}' returning numero;\n")
                # psql says a row once the server is ready for the next question: it is committed.
                if psql.stdout.readline().strip() != number:
                    self.failed.append(f"SQL : {number}")
                    return
                self.committed(rank, began)
            psql.stdin.close()

    def watch(self):
        """Asks for the tile of an edit until it shows the number."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while (one := self.shown.get()) is not None:
            rank, at = one
            key, number = self.plots.edit(rank)
            while True:
                body = _tile(connection, self.plots.paths[key])
                spent = time.perf_counter() - at
                if number.encode() in body:
                    self.seen.append((rank, spent * 1000))
                elif spent > GIVEN_UP_S:
                    self.unseen.append(number)
                else:
                    continue
                break

    def read(self):
        """Latency of tiles anywhere, as somebody who looks at the plan has it."""
        connection, chance = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), random.Random(SEED)
        while not self.over.is_set():
            path = self.plots.paths[chance.choice(self.plots.keys)]
            start = time.perf_counter()
            _tile(connection, path)
            self.latencies.append((time.perf_counter() - start) * 1000)
            time.sleep(0.02)

    def go(self):
        editors = [threading.Thread(target=self.by_api) for _ in range(API_CLIENTS)] + [threading.Thread(target=self.by_sql)]
        others = [threading.Thread(target=self.watch) for _ in range(WATCHERS)] + [threading.Thread(target=self.read)]
        start, before = time.perf_counter(), origins(self.port)
        for thread in [*others, *editors]:
            thread.start()
        self.schedule()
        for thread in editors:
            thread.join()
        seconds = time.perf_counter() - start
        for _ in range(WATCHERS):
            self.shown.put(None)
        self.over.set()
        for thread in others:
            thread.join()
        origin = {name: count - before[name] for name, count in origins(self.port).items()}
        if self.failed:
            raise SystemExit(f"Erreur : {len(self.failed)} modifications refusées : {self.failed[0]}")
        return {"modifications": len(self.late), "par_seconde": len(self.late) / seconds, "retard_p99_ms": percentile(self.late, 99) * 1000,
                "api": _figures([ms for rank, ms in self.seen if rank % 2]), "sql": _figures([ms for rank, ms in self.seen if rank % 2 == 0]),
                "ensemble": _figures([ms for _, ms in self.seen]), "jamais_vues": len(self.unseen) + self.lost(), "tuiles": _figures(self.latencies), "provenance": origin}

    def lost(self):
        """Of the edits, all of them, those that no tile shows in the end."""
        connection, numbers = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), {}
        for rank in range(self.first, self.first + SECONDS * PER_SECOND):
            key, number = self.plots.edit(rank)
            numbers.setdefault(self.plots.paths[key], []).append(number)
        return sum(number.encode() not in body for path, some in numbers.items() for body in [_tile(connection, path)] for number in some)


def _tile(connection, path):
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
    except ConnectionError:
        # It rested for too long and was closed: asked again on another one, as a browser does.
        connection.close()
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"Erreur : {path} a répondu {answer.status}.")
    return body


def origins(port):
    """Tiles that a server answered since its start, by where they came from."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/metrics")
    said = connection.getresponse().read().decode()
    return {name: int(count) for name, count in re.findall(r'^finage_tuiles_total\{source="(\w+)"\} (\d+)', said, re.MULTILINE)}


def _figures(values):
    return {"nombre": len(values), **{f"p{share}_ms": percentile(values, share) for share in (50, 95, 99)}, "max_ms": max(values)}


@contextmanager
def held_open(here):
    """A transaction that writes nothing and does not end: nothing after it may be thought of as old."""
    with subprocess.Popen(here.psql(DATABASE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as psql:
        psql.stdin.write("begin; select pg_current_xact_id();\n")
        psql.stdout.readline()
        try:
            yield
        finally:
            psql.stdin.write("rollback;\n")
            psql.stdin.close()


def main():
    chosen = options()
    with server() as here, tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        here.fresh(DATABASE)
        environment = {"DATABASE_URL": here.url(DATABASE), "FINAGE_DATA_DIR": folder}
        here.sql(DATABASE, WORLD)
        timed([FINAGE, "module", "install", "cimetiere"], environment)
        print(f"  {PLOTS} emplacements…", flush=True)
        here.sql(DATABASE, LAID)
        here.sql(DATABASE, AGENT)
        here.sql(DATABASE, "vacuum analyze")
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], environment):
            wait_until(port, "/api/configuration")
            start = time.perf_counter()
            while int(here.sql(DATABASE, "select count(*) from core.recalcul")) > 0 and time.perf_counter() - start < PATIENCE:
                time.sleep(2)
            plots = Plots(here)
            print(f"  {PER_SECOND} modifications par seconde pendant {SECONDS} s…", flush=True)
            plain = Run(here, port, plots, 0).go()
            print("  de même, une transaction ouverte d'un bout à l'autre…", flush=True)
            with held_open(here):
                held = Run(here, port, plots, SECONDS * PER_SECOND).go()
    runs = {"seules": plain, "transaction ouverte": held}
    rows = [[f"{name}, {what}", one[key]["nombre"], *(f"{one[key][figure]:.0f} ms" for figure in ("p50_ms", "p95_ms", "p99_ms", "max_ms"))]
            for name, one in runs.items() for what, key in (("par l'API", "api"), ("par SQL", "sql"), ("ensemble", "ensemble"), ("tuiles lues pendant ce temps", "tuiles"))]
    table(f"De la modification à la tuile qui la montre (objectif : p99 < {GOAL_MS} ms)", ["", "mesures", "p50", "p95", "p99", "max"], rows)
    for name, one in runs.items():
        print(f"  {name} : {one['modifications']} modifications, {one['par_seconde']:.0f} par seconde, jamais vues : {one['jamais_vues']} ; provenance des tuiles : {one['provenance']}")
    write(chosen.out, "edits", {"objectif_ms": GOAL_MS, "emplacements": PLOTS, "secondes": SECONDS, "voulues_par_seconde": PER_SECOND, **{name.replace(" ", "_"): one for name, one in runs.items()}})


if __name__ == "__main__":
    main()
