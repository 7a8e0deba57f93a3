"""Three real OpenSearch nodes on loopback, each a process that can be killed alone; from Maven's jars.

python tests/opensearch_nodes.py FOLDER start|stop|status [HEAP]     a cluster to try things on
"""

import contextlib
import fcntl
import http.client
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from opensearch_home import JAVA, home

COUNT = 3
START_SECONDS = 180.0
OUTLIVING: list[subprocess.Popen[bytes]] = []
"""Processes that go on when who started them is done: one that is forgotten while it runs warns of itself."""
NOBODY = "nobody"
LOG = """status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = ${sys:opensearch.logs.base_path}${sys:file.separator}node.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


class Nodes:
    """A cluster, whichever process started it.

    Args:
        folder: of its data and settings.
        heap: of each node.
        owner: the process that its nodes end with, however that ends; None for no such.
    """

    def __init__(self, folder: Path, heap: str = "256m", owner: int | None = None) -> None:
        self._folder = folder
        self._heap = heap
        self._owner = owner
        self._watching: list[subprocess.Popen[bytes]] = []
        self._started: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def urls(self) -> tuple[str, ...]:
        """Where its nodes answer."""
        return tuple(f"http://127.0.0.1:{port}" for port in self._ports["http"])

    @property
    def _ports(self) -> Mapping[str, list[int]]:
        file = self._folder / "ports.json"
        if not file.exists():
            file.write_text(json.dumps({"http": _free_ports(), "transport": _free_ports()}), encoding="ascii")
        ports: Mapping[str, list[int]] = json.loads(file.read_text(encoding="ascii"))
        return ports

    def start(self, *which: int) -> None:
        """Start nodes, by default all, and wait until the cluster is whole."""
        self._run(which or range(COUNT))
        running = sum(self.pid(node) is not None for node in range(COUNT))
        self.wait(lambda health: health["number_of_nodes"] == running and health["status"] == "green")

    def _run(self, which: Iterable[int]) -> None:
        """Start the processes of nodes that have none."""
        server = home()
        self._folder.mkdir(mode=0o755, exist_ok=True, parents=True)
        for node in which:
            if self.pid(node) is None:
                self._configure(node)
                self._spawn(node, server)

    def wait(self, is_so: Callable[[Mapping[str, Any]], bool]) -> None:
        """Wait until the health of the cluster is so."""
        end, is_over = time.monotonic() + START_SECONDS, False
        while not ((health := self.health()) and is_so(health)):
            if is_over:
                raise TimeoutError(f"the cluster is {health}; see {self._folder}/node*/logs")
            time.sleep(0.2)
            is_over = time.monotonic() > end  # and then asked once more: who waits may have been held up

    def health(self) -> Mapping[str, Any] | None:
        """What the first node that answers says of the cluster; None where none does."""
        for node in range(COUNT):
            if self.pid(node) is None:
                continue
            with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
                status, content = self._asked(node, "GET", "/_cluster/health?cluster_manager_timeout=1s", 2.0)
                if status == http.client.OK:
                    health: Mapping[str, Any] = json.loads(content)
                    return health
        return None

    def _asked(self, node: int, method: str, path: str, seconds: float = 60.0) -> tuple[int, str]:
        """The status and the content that a node answers with."""
        port = self._ports["http"][node]
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def signal(self, node: int, number: signal.Signals) -> None:
        """Send a node a signal."""
        pid = self.pid(node)
        if pid is not None:
            os.kill(pid, number)

    def kill(self, *which: int) -> None:
        """Kill nodes at once, and wait until they are gone."""
        for node in which or range(COUNT):
            self.signal(node, signal.SIGKILL)
        for node in which or range(COUNT):
            while self.pid(node) is not None:
                time.sleep(0.02)
            if started := self._started.pop(node, None):
                started.wait()
        self._watching = [watching for watching in self._watching if watching.poll() is None]

    def manager(self) -> int:
        """Which node manages the cluster."""
        return int(self._asked(0, "GET", "/_cat/cluster_manager?h=node")[1].strip().removeprefix("node"))

    def delete(self, pattern: str) -> None:
        """Delete the indices of a pattern."""
        for name in self._asked(0, "GET", f"/_cat/indices/{pattern}?h=index")[1].split():
            self._asked(0, "DELETE", f"/{name}")

    def mend(self, pattern: str) -> None:
        """Let every node run again, without the indices of a pattern: they need not be made whole."""
        for node in range(COUNT):
            self.signal(node, signal.SIGCONT)
        self._run(range(COUNT))
        self.wait(lambda health: health["number_of_nodes"] == COUNT)
        self.delete(pattern)
        self.start()

    @contextlib.contextmanager
    def in_peace(self) -> Iterator[None]:
        """Use the nodes while nobody troubles them."""
        with self._used(fcntl.LOCK_SH):
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Use the nodes while nobody else does."""
        with self._used(fcntl.LOCK_EX):
            yield

    @contextlib.contextmanager
    def _used(self, kind: int) -> Iterator[None]:
        with (self._folder / "use.lock").open("w") as lock:
            fcntl.flock(lock, kind)
            yield

    def wipe(self) -> None:
        """Kill what runs, and delete its data."""
        self.kill()
        for watching in self._watching:
            watching.wait()  # each sees within a second that there is nothing left to watch
        self._watching.clear()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.with_suffix(".lock").unlink(missing_ok=True)

    def pid(self, node: int) -> int | None:
        """The process of a node that runs."""
        try:
            pid = int((self._of(node) / "pid").read_text(encoding="ascii"))
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
            command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None
        return pid if str(self._of(node)) in command and status != "Z" else None

    def _of(self, node: int) -> Path:
        return self._folder / f"node{node}"

    def _configure(self, node: int) -> None:
        own, ports = self._of(node), self._ports
        for name in ("config", "data", "logs", "tmp"):
            (own / name).mkdir(parents=True, exist_ok=True)
        seeds = ", ".join(f'"127.0.0.1:{port}"' for port in ports["transport"])
        names = ", ".join(f'"node{other}"' for other in range(COUNT))
        settings = f"""
cluster.name: zhiwen-tests
node.name: node{node}
path.data: {own}/data
path.logs: {own}/logs
network.host: 127.0.0.1
http.port: {ports["http"][node]}
transport.port: {ports["transport"][node]}
discovery.seed_hosts: [{seeds}]
cluster.initial_cluster_manager_nodes: [{names}]
cluster.routing.allocation.disk.threshold_enabled: false
cluster.max_shards_per_node: 10000
cluster.fault_detection.follower_check.timeout: 3s
cluster.fault_detection.leader_check.timeout: 3s
"""
        (own / "config" / "opensearch.yml").write_text(settings, encoding="utf-8")
        (own / "config" / "log4j2.properties").write_text(LOG, encoding="utf-8")
        if os.getuid() == 0:  # the server refuses to run as root
            for path in (own, *own.rglob("*")):
                shutil.chown(path, NOBODY)

    def _spawn(self, node: int, server: Path) -> None:
        own = self._of(node)
        command = [
            *(JAVA, f"-Xms{self._heap}", f"-Xmx{self._heap}", "-XX:+UseSerialGC", "-Xss1m"),
            *("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-Xshare:auto"),
            *("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-Djna.nosys=true"),
            *("-Dio.netty.noUnsafe=true", "-Dio.netty.noKeySetOptimization=true"),
            *("-Dio.netty.recycler.maxCapacityPerThread=0", "-Dio.netty.allocator.numDirectArenas=0"),
            *("-Dlog4j.shutdownHookEnabled=false", "-Dlog4j2.disable.jmx=true"),
            *("-Djava.locale.providers=SPI,COMPAT", f"-Djava.io.tmpdir={own / 'tmp'}"),
            *(f"-Dopensearch.path.home={server}", f"-Dopensearch.path.conf={own}/config"),
            *("-Dopensearch.distribution.type=tar", "-Dopensearch.bundled_jdk=false"),
            *("-cp", f"{server}/lib/*", "org.opensearch.bootstrap.OpenSearch"),
        ]
        kept = {name: value for name, value in os.environ.items() if "JAVA" not in name}
        with (own / "logs" / "stdout.log").open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=own,
                env=kept | {"HOME": str(own)},
                start_new_session=True,
                **_user(),
            )
        self._started[node] = process
        OUTLIVING.append(process)
        if self._owner:
            self._watch(process.pid)
        (own / "pid").write_text(str(process.pid), encoding="ascii")

    def _watch(self, pid: int) -> None:
        """End a node when the process that owns it is gone, be it killed."""
        both = f"kill -0 {self._owner} && kill -0 {pid}"
        loop = f"while {both}; do sleep 1; done 2>/dev/null; kill -9 {pid} 2>/dev/null"
        self._watching.append(
            subprocess.Popen(["/bin/sh", "-c", loop], stdin=subprocess.DEVNULL, start_new_session=True)
        )
        OUTLIVING.append(self._watching[-1])


def _user() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    entry = pwd.getpwnam(NOBODY)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_ports() -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(COUNT)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def shared(folder: Path, owner: int) -> Iterator[Nodes]:
    """A cluster that the processes of one run of the tests share: the first starts it, the last stops it.

    Args:
        folder: of its data and settings.
        owner: the process that runs the tests.

    Raises:
        LackingError: what it takes is not here.
    """
    folder.mkdir(mode=0o755, exist_ok=True, parents=True)
    nodes, users = Nodes(folder, owner=owner), folder / "users"
    with _locked(folder):
        nodes.start()
        users.write_text(f"{_users(users) + 1}", encoding="ascii")
    try:
        yield nodes
    finally:
        with _locked(folder):
            left = _users(users) - 1
            users.write_text(f"{left}", encoding="ascii")
            if not left:
                nodes.wipe()


def _users(file: Path) -> int:
    return int(file.read_text(encoding="ascii")) if file.exists() else 0


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> None:
    """Start or stop a cluster by hand."""
    folder, command, heap, *_ = *arguments, "256m"
    nodes = Nodes(Path(folder).absolute(), heap)
    if command == "start":
        nodes.start()
    elif command == "stop":
        nodes.kill()
    print(nodes.urls, nodes.health())  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
