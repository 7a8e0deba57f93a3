"""What deploy/ holds is what the tools that will read it accept, and names only what there is."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from conftest import ROOT

from bot.settings import Settings

DEPLOY = ROOT / "deploy"
MANIFESTS = [
    manifest
    for folder in (DEPLOY / "kubernetes", DEPLOY / "opensearch" / "kubernetes")
    for path in sorted(folder.rglob("*.yaml"))
    if path.name != "kustomization.yaml"
    for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MOST_EXPOSED = 1.1


def needs(tool: str, package: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (apt-get install {package})")


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a tool says; it must be content."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    needs("systemd-analyze", "systemd")
    unit = (DEPLOY / "zhiwen.service").read_text(encoding="utf-8")
    (tmp_path / "zhiwen.service").write_text(
        unit.replace("/opt/zhiwen/current/bin/zhiwen serve", "/bin/true")
    )
    assert run("systemd-analyze", "verify", tmp_path / "zhiwen.service") == ""


def test_the_unit_is_hardened() -> None:
    needs("systemd-analyze", "systemd")
    said = run("systemd-analyze", "--offline=yes", "security", DEPLOY / "zhiwen.service")
    exposure = re.search(r"exposure level.*?: ([\d.]+)", said)
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


@pytest.mark.parametrize("manifest", MANIFESTS, ids=[str(manifest["kind"]) for manifest in MANIFESTS])
def test_kubernetes_accepts_the_manifests(manifest: dict[str, object]) -> None:
    kubernetes_validate.validate(manifest, "1.31", strict=True)


def test_the_manifests_are_all_that_is_applied() -> None:
    for folder in (
        DEPLOY / "kubernetes",
        DEPLOY / "kubernetes" / "webhook",
        DEPLOY / "opensearch" / "kubernetes",
    ):
        listed = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
        assert set(listed["resources"]) == {path.name for path in folder.glob("*.yaml")} - {
            "kustomization.yaml"
        }
    kinds = {manifest["kind"] for manifest in MANIFESTS}
    assert kinds >= {"Deployment", "PersistentVolumeClaim", "NetworkPolicy", "PodDisruptionBudget", "Ingress"}


def test_no_manifest_can_put_the_token_back() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8"))
    assert "secretGenerator" not in kustomization
    assert all(manifest["kind"] != "Secret" for manifest in MANIFESTS)


def test_a_changed_setting_starts_the_pod_again() -> None:
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8"))
    generated = {generator["name"] for generator in kustomization["configMapGenerator"]}
    assert generated == {"zhiwen"}
    assert "disableNameSuffixHash" not in kustomization.get("generatorOptions", {})
    (deployment,) = (manifest for manifest in MANIFESTS if manifest["kind"] == "Deployment")
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert {source["configMapRef"]["name"] for source in container["envFrom"]} == generated


def test_the_pod_reaches_names_and_telegram_over_both_protocols() -> None:
    (policy,) = (
        manifest
        for manifest in MANIFESTS
        if manifest["kind"] == "NetworkPolicy" and "Egress" in manifest["spec"]["policyTypes"]
    )
    blocks = {
        (to["ipBlock"]["cidr"], port["port"])
        for rule in policy["spec"]["egress"]
        for to in rule["to"]
        if "ipBlock" in to
        for port in rule["ports"]
    }
    assert {("0.0.0.0/0", 443), ("::/0", 443), ("169.254.20.10/32", 53)} <= blocks


def test_what_is_installed_is_pinned_with_its_hashes() -> None:
    files = [DEPLOY / "install.sh", DEPLOY / "Containerfile", ROOT / "Makefile"]
    commands = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert not [
        line for line in commands if "requirements.txt" in line and "-r " in line and "--no-build" not in line
    ]
    build = (ROOT / "requirements-build.txt").read_text(encoding="utf-8")
    assert {"setuptools", "hatchling"} <= set(re.findall(r"^([a-z-]+)==", build, re.MULTILINE))
    images = re.findall(r"(?:PYTHON=|image: )([a-z]+:\S+)", "\n".join(commands)) + [
        service["image"] for service in COMPOSE["services"].values() if "build" not in service
    ]
    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+", image) for image in images)


def test_the_composed_service_has_all_settings_and_bounded_logs() -> None:
    service = COMPOSE["services"]["zhiwen"]
    assert service["env_file"] == "zhiwen.env"
    assert (DEPLOY / "zhiwen.env").is_file()
    assert all(one["logging"]["options"]["max-size"] for one in COMPOSE["services"].values())
    assert all(volume.endswith("z") for volume in service["volumes"] if ":ro" in volume)
    assert service["depends_on"]["postgresql"]["condition"] == "service_healthy"
    assert (service["entrypoint"], service["restart"]) == (["serve-once"], "on-failure")


@pytest.mark.parametrize("folder", [DEPLOY, DEPLOY / "opensearch"], ids=lambda folder: folder.name)
def test_compose_accepts_its_file(folder: Path) -> None:
    check = Path(sys.executable).with_name("check-jsonschema")
    run(check, "--builtin-schema", "vendor.compose-spec", folder / "compose.yaml")


def test_a_certificate_is_made_for_each_node(tmp_path: Path) -> None:
    needs("openssl", "openssl")
    for _ in range(2):
        run(DEPLOY / "opensearch" / "certificates.sh", "search1", "search2", cwd=tmp_path)
    made = tmp_path / "certificates"
    for name in ("search1", "search2", "admin"):
        assert run("openssl", "verify", "-CAfile", made / "ca.pem", made / f"{name}.pem").endswith("OK\n")
    assert "DNS:search1" in run("openssl", "x509", "-in", made / "search1.pem", "-noout", "-text")
    assert (made / "search1.key").stat().st_mode & 0o077 == 0


def test_the_roles_allow_their_own_indices_only() -> None:
    for role in ("keeper", "reader"):
        read = json.loads((DEPLOY / "opensearch" / f"{role}.role.json").read_text(encoding="utf-8"))
        assert [of["index_patterns"] for of in read["index_permissions"]] == [["zhiwen*"]]
        allowed = {action for of in read["index_permissions"] for action in of["allowed_actions"]}
        assert not allowed & {"*", "indices_all", "indices:*"}
        assert role == "keeper" or not any("write" in action or "crud" in action for action in allowed)


def test_the_image_is_built_from_files_that_are_there() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = {word for line in lines if re.match(r"COPY (?!--from)", line) for word in line.split()[1:-1]}
    let_in = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert all((ROOT / name).exists() for name in copied)
    assert copied == {name[1:] for name in let_in if name.startswith("!")}


def test_prometheus_accepts_the_alerts() -> None:
    needs("promtool", "prometheus")
    run("promtool", "check", "rules", DEPLOY / "prometheus" / "alerts.yaml")


def test_the_alerts_fire_when_they_should_and_only_then() -> None:
    needs("promtool", "prometheus")
    tests = DEPLOY / "prometheus" / "alerts.test.yaml"
    run("promtool", "test", "rules", tests)
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    tried = {
        test["alertname"]
        for group in yaml.safe_load(tests.read_text(encoding="utf-8"))["tests"]
        for test in group["alert_rule_test"]
    }
    assert tried == {rule["alert"] for group in groups for rule in group["rules"]}


@pytest.mark.parametrize(
    "path", sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ids=lambda path: path.name
)
def test_settings_that_are_named_exist(path: Path) -> None:
    own = {"ZHIWEN_CORPUS_FOLDER"}  # of compose.yaml itself
    settings = {f"ZHIWEN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"\bZHIWEN_[A-Z_]+", path.read_text(encoding="utf-8"))) <= settings | own


def test_the_tests_that_the_threat_model_names_exist() -> None:
    named = set(re.findall(r"`(test_[a-z_]+)`", (DEPLOY / "SECURITY.md").read_text(encoding="utf-8")))
    assert named
    assert named <= {path.stem for path in (ROOT / "tests").glob("test_*.py")}


@pytest.mark.parametrize("script", ["install.sh", "serve-once.sh"])
def test_shell_accepts_the_scripts(script: str) -> None:
    run("sh", "-n", DEPLOY / script)


def test_the_installer_wants_to_be_root(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("this is root")
    done = subprocess.run([DEPLOY / "install.sh"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
