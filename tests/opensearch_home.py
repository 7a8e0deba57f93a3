"""The program of an OpenSearch node, laid out from Maven's jars, which has no whole distribution."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

POM = Path(__file__).parent / "opensearch" / "pom.xml"
VERSION = os.environ.get("TEST_OPENSEARCH_VERSION", "2.19.6")
"""Another is tried by hand: TEST_OPENSEARCH_VERSION=3.9.0 TEST_OPENSEARCH_JAVA=.../bin/java (21 or newer)."""
JAVA = os.environ.get("TEST_OPENSEARCH_JAVA", "java")
LOG4J = {"2.19.6": "2.25.4", "3.9.0": "2.25.5"}
"""That of the server's own pom."""
IS_NEW = VERSION.startswith("3.")


@dataclass(frozen=True)
class Module:
    """A module of the server: its own jar, and others that only it may see, by the beginnings of names."""

    jar: str
    others: tuple[str, ...] = ()


MODULES = {
    "transport-netty4": Module("transport-netty4-client-", ("netty-", "opensearch-netty4-")),
    "analysis-common": Module("analysis-common-"),
    "reindex": Module(
        "reindex-client-",
        (
            "opensearch-rest-client-",
            "opensearch-ssl-config-",
            "commons-codec-",
            "commons-logging-",
            "http",
            "slf4j-",
        ),
    ),
}


class LackingError(Exception):
    """What is needed to start nodes is not here; says which package."""


def home() -> Path:
    """The folder of the server, laid out at first use and kept for the next time.

    Raises:
        LackingError: there is no Java, no Maven, or no jar to be had.
    """
    for program, package in ((JAVA, "openjdk-17-jre-headless"), ("mvn", "maven")):
        if shutil.which(program) is None:
            raise LackingError(f"{program} is not installed (apt-get install {package})")
    made = Path(tempfile.gettempdir()) / f"zhiwen-opensearch-{VERSION}-{os.getuid()}"
    made.mkdir(mode=0o755, exist_ok=True)
    if made.stat().st_uid != os.getuid():
        raise LackingError(f"{made} belongs to somebody else")
    with (made / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "ready").exists():
            _lay_out(made)
            (made / "ready").touch()
    return made


def _lay_out(made: Path) -> None:
    """Fetch the jars and put each where the server looks for it."""
    jars = made / "jars"
    shutil.rmtree(jars, ignore_errors=True)
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}", f"-Dopensearch.version={VERSION}"]
    goal += [f"-Dlog4j.version={LOG4J[VERSION]}", *(["-Pnew"] if IS_NEW else [])]
    fetched = subprocess.run(
        [str(shutil.which("mvn")), "-B", "-q", "-f", str(POM), *goal],
        check=False,
        capture_output=True,
        text=True,
    )
    if fetched.returncode:
        raise LackingError(f"Maven has no OpenSearch jars: {fetched.stdout[-300:]}")
    for folder in ("lib", "plugins", "bin", *(f"modules/{name}" for name in MODULES)):
        shutil.rmtree(made / folder, ignore_errors=True)
        (made / folder).mkdir(parents=True)
    for name, module in MODULES.items():
        own = [jar for jar in jars.iterdir() if jar.name.startswith((module.jar, *module.others))]
        for jar in own:
            jar.rename(made / "modules" / name / jar.name)
        _describe(name, made / "modules" / name, module)
    for jar in jars.iterdir():
        jar.rename(made / "lib" / jar.name)


def _describe(name: str, folder: Path, module: Module) -> None:
    """Write what the server wants to know of a module, which Maven's jars do not say."""
    jar = next(jar for jar in folder.iterdir() if jar.name.startswith(module.jar))
    plugin = next(
        entry
        for entry in zipfile.ZipFile(jar).namelist()
        if entry.endswith("Plugin.class") and "$" not in entry
    )
    described = {
        "name": name,
        "description": name,
        "version": VERSION,
        "opensearch.version": VERSION,
        "java.version": "21" if IS_NEW else "11",
        "classname": plugin.removesuffix(".class").replace("/", "."),
        "extended.plugins": "",
        "has.native.controller": "false",
    }
    lines = "".join(f"{key}={value}\n" for key, value in described.items())
    (folder / "plugin-descriptor.properties").write_text(lines, encoding="ascii")
    policy = "grant {\n  permission java.security.AllPermission;\n};\n"
    (folder / "plugin-security.policy").write_text(policy, encoding="ascii")
