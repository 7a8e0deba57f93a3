"""The installer acted out below a folder: install, upgrade, an upgrade that fails, and the way back.

Python is real for all but environments: making one and filling it takes a minute, so a program stands in that
makes a folder. `systemctl` stands in too; whether the service starts is what a test says.
"""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PYTHON = f"""#!/bin/sh
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip "*"$REFUSED"*) [ -z "$REFUSED" ] ;;
  "-m pip "*) : ;;
  *) exec {sys.executable} "$@" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$* $(basename "$(readlink "$DESTDIR/opt/zhiwen/current")")" >> "$DESTDIR/systemctl.log"
[ "$1" != restart ] || [ ! -e "$DESTDIR/broken" ] || {
  # The new version moves the store's format on before it fails; the one before starts.
  rm "$DESTDIR/broken"
  exit 1
}
"""


class Machine:
    """A machine below a folder, with systemd or without."""

    def __init__(self, root: Path) -> None:
        self.root = root
        tools = root / "tools"
        tools.mkdir(parents=True)
        (root / "run/systemd/system").mkdir(parents=True)
        for name, script in (("python", PYTHON), ("systemctl", SYSTEMCTL)):
            (tools / name).write_text(script)
            (tools / name).chmod(0o755)
        self.store = root / "var/lib/private/zhiwen/store.sqlite3"
        self.store.parent.mkdir(parents=True)

    def install(self, *arguments: str, typed: str = "123:abc\n", **environment: str) -> tuple[int, str]:
        """Run the installer: its status and what it said."""
        tools = self.root / "tools"
        done = subprocess.run(
            [ROOT / "deploy/install.sh", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": f"{tools}:{os.environ['PATH']}",
                "PYTHON": str(tools / "python"),
                "DESTDIR": str(self.root),
                "REFUSED": "nothing is refused",
                **environment,
            },
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def current(self) -> str:
        return (self.root / "opt/zhiwen/current").readlink().name

    @property
    def versions(self) -> list[str]:
        return sorted(path.name for path in (self.root / "opt/zhiwen/versions").iterdir())

    def write_store(self, migration: str, text: str) -> None:
        with sqlite3.connect(self.store) as store:
            store.executescript(
                "CREATE TABLE IF NOT EXISTS alembic_version (version_num); DELETE FROM alembic_version;"
                "CREATE TABLE IF NOT EXISTS said (text);"
            )
            store.execute("INSERT INTO alembic_version VALUES (?)", (migration,))
            store.execute("INSERT INTO said VALUES (?)", (text,))

    def said(self) -> list[str]:
        with sqlite3.connect(self.store) as store:
            return [text for (text,) in store.execute("SELECT text FROM said")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_installation_keeps_the_token_to_root_and_shows_it_to_nobody(machine: Machine) -> None:
    status, said = machine.install(typed="123:secret\n")
    token = machine.root / "etc/zhiwen/token"
    assert (status, token.read_text()) == (0, "123:secret\n")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert "secret" not in said
    unit = (machine.root / "etc/systemd/system/zhiwen.service").read_text()
    assert "ExecStart=/opt/zhiwen/current/bin/zhiwen serve" in unit


def test_what_is_no_token_installs_nothing(machine: Machine) -> None:
    status, said = machine.install(typed="hello\n")
    assert (status, said.count("\n")) == (1, 1)
    assert not (machine.root / "opt").exists()


def test_an_upgrade_stands_beside_what_ran_and_only_a_few_are_kept(machine: Machine) -> None:
    machine.install()
    first = machine.current
    (machine.root / "etc/zhiwen/zhiwen.env").write_text("ZHIWEN_ADMINS=1\n")
    for _ in range(4):
        assert machine.install()[0] == 0
    assert machine.current == machine.versions[-1] != first
    assert len(machine.versions) == 3
    assert (machine.root / "etc/zhiwen/zhiwen.env").read_text() == "ZHIWEN_ADMINS=1\n"


def test_an_upgrade_that_cannot_be_installed_leaves_all_as_it_was(machine: Machine) -> None:
    machine.install()
    before = machine.current
    status, said = machine.install(REFUSED="requirements.txt")
    assert (status, "what ran before runs on" in said) == (1, True)
    assert (machine.current, machine.versions) == (before, [before])


def test_an_upgrade_that_does_not_start_is_left_for_the_version_before(machine: Machine) -> None:
    machine.install()
    before = machine.current
    machine.write_store("0001", "before")
    (machine.root / "broken").touch()
    status, said = machine.install()
    assert (status, "the one before runs again" in said) == (1, True)
    assert (machine.current, machine.versions) == (before, [before])
    last = (machine.root / "systemctl.log").read_text().splitlines()[-1]
    assert last == f"restart zhiwen {before}"
    assert machine.said() == ["before"]


def test_the_way_back_takes_the_store_as_the_version_before_can_read_it(machine: Machine) -> None:
    machine.install()
    before = machine.current
    machine.write_store("0001", "before")
    machine.install()
    machine.write_store("0002", "after")
    assert machine.install("back")[0] == 0
    assert (machine.current, machine.said()) == (before, ["before"])
    kept = next((machine.root / "var/backups/zhiwen").glob("newer-than-*"))
    with sqlite3.connect(kept) as store:
        assert ("after",) in store.execute("SELECT text FROM said").fetchall()


def test_the_way_back_keeps_a_store_whose_format_did_not_change(machine: Machine) -> None:
    machine.install()
    machine.write_store("0001", "before")
    machine.install()
    machine.write_store("0001", "after")
    assert machine.install("back")[0] == 0
    assert machine.said() == ["before", "after"]


def test_there_is_no_way_back_from_the_first_version(machine: Machine) -> None:
    machine.install()
    assert machine.install("back")[0] == 1


@pytest.mark.parametrize(("ended", "status"), [(0, 0), (2, 0), (1, 1), (137, 137)])
def test_a_container_ends_well_where_starting_again_is_of_no_use(
    tmp_path: Path, ended: int, status: int
) -> None:
    (tmp_path / "zhiwen").write_text(f"#!/bin/sh\nexit {ended}\n")
    (tmp_path / "zhiwen").chmod(0o755)
    done = subprocess.run(
        [ROOT / "deploy/serve-once.sh"], check=False, env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    )
    assert done.returncode == status


def test_a_container_passes_on_that_it_should_end(tmp_path: Path) -> None:
    (tmp_path / "zhiwen").write_text(
        f"#!{sys.executable}\n"
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.1), sys.exit(7)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    (tmp_path / "zhiwen").chmod(0o755)
    with subprocess.Popen(
        [ROOT / "deploy/serve-once.sh"],
        stdout=subprocess.PIPE,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    ) as service:
        assert service.stdout is not None
        service.stdout.readline()
        service.terminate()
        assert service.wait(timeout=30) == 7
