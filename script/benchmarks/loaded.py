"""Finage serving generated parcels and their addresses."""

from contextlib import contextmanager

import dataset
from database import server
from measure import FINAGE, timed
from serving import free_port, running, wait_until

DATABASE = "charge"


@contextmanager
def town(parcels):
    """Yields (server, port), or None where the generator is absent."""
    made = dataset.parcels(parcels)
    if made is None:
        yield None
        return
    with server() as here:
        here.fresh(DATABASE)
        url = {"DATABASE_URL": here.url(DATABASE)}
        print("  import des parcelles et des adresses…", flush=True)
        timed([FINAGE, "import", "etalab", made[0]], url)
        timed([FINAGE, "import", "bal", made[1]], url)
        port = free_port()
        with running(["serve", "--bind", f"127.0.0.1:{port}"], url):
            wait_until(port, "/api/configuration")
            yield here, port


def sample(here, statement):
    return here.sql(DATABASE, statement).splitlines()
