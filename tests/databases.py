"""A PostgreSQL cluster of the tests' own, where PostgreSQL is installed."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def postgresql_binaries() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps it out of PATH. None where it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return versions[-1].parent if versions else None


@contextmanager
def postgresql(binaries: Path) -> Iterator[str]:
    """A cluster in a temporary folder, reached by a socket in it; gives the URL of its first database."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="zhiwen-postgresql-"))
    if user is not None:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)

    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=100"
    try:
        run("initdb", "--auth=trust", "--username=zhiwen", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "--wait", "--silent", f"--log={folder / 'log'}", f"--options={options}")
        try:
            yield f"postgresql://zhiwen@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def new_database(cluster: str, name: str) -> str:
    """An empty database of a cluster; its URL."""
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return cluster.replace("/postgres?", f"/{name}?")


def _unprivileged() -> str | None:
    """The user that PostgreSQL can run as; None for this one. It refuses to run as root."""
    if os.geteuid() != 0 or getpass.getuser() == "postgres":
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
