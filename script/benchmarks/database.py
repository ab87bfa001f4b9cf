"""A PostgreSQL of its own for the measures: temporary, on a Unix socket, the same for Finage and for its peer."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from measure import FINAGE

TEMPLATE = "modele"


def _newest_server():
    """Directory of the newest PostgreSQL programs that have PostGIS."""
    found = [
        int(server.parts[4])
        for server in Path("/usr/lib/postgresql").glob("*/bin/postgres")
        if Path(f"/usr/share/postgresql/{server.parts[4]}/extension/postgis.control").exists()
    ]
    if not found:
        raise SystemExit("Erreur : PostgreSQL avec PostGIS est introuvable ; lancez script/setup.")
    return Path(f"/usr/lib/postgresql/{max(found)}/bin")


class Server:
    """Where the temporary server listens, how to reach one of its databases, and its first process."""

    def __init__(self, folder, pid):
        self.folder = folder
        self.pid = pid

    def url(self, database):
        return f"postgres://postgres@{str(self.folder).replace('/', '%2F')}/{database}"

    def ogr(self, database):
        return f"PG:host={self.folder} user=postgres dbname={database}"

    def psql(self, database):
        """A psql that says nothing but rows, and stops at the first error."""
        return ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "postgres", "-d", database]

    def sql(self, database, statement):
        done = subprocess.run([*self.psql(database), "-c", statement], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"Erreur : psql sur {database} : {done.stderr}")
        return done.stdout.strip()

    def fresh(self, database):
        """A migrated, empty database; what ran before is written out first, so that no run pays for the one before."""
        self.sql("postgres", f"drop database if exists {database}")
        self.sql("postgres", f"create database {database} template {TEMPLATE}")
        self.sql("postgres", "checkpoint")


@contextmanager
def server():
    """Starts PostgreSQL (never as root), migrates a template with Finage, stops and removes everything at the end."""
    programs = _newest_server()
    folder = Path(tempfile.mkdtemp(prefix="finage-bench-", dir="/var/tmp"))
    account = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--data-checksums", "--locale=C.UTF-8", "-E", "UTF8"],
            check=True, stdout=subprocess.DEVNULL, cwd="/", **account,
        )
        # The same for both sides; durable as in production, with memory that a small server has.
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "shared_buffers=512MB", "max_wal_size=2GB"]
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *[part for setting in settings for part in ("-c", setting)]],
            stdout=subprocess.DEVNULL, stderr=open(folder / "postgres.log", "wb") if not account else subprocess.DEVNULL, cwd="/", **account,
        )
        try:
            here = Server(folder, process.pid)
            subprocess.run([programs / "pg_isready", "-q", "-h", folder, "-t", "0"], check=False)
            for _ in range(300):
                if subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode == 0:
                    break
                if process.poll() is not None:
                    raise SystemExit("Erreur : le PostgreSQL des mesures ne démarre pas.")
                subprocess.run(["sleep", "0.1"], check=True)
            here.sql("postgres", f"create database {TEMPLATE}")
            subprocess.run([FINAGE, "migrate"], check=True, stdout=subprocess.DEVNULL, env={**os.environ, "DATABASE_URL": here.url(TEMPLATE)})
            yield here
        finally:
            process.send_signal(2)
            process.wait(60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
