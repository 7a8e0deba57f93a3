"""The alerts and the dashboard of deploy/ name metrics that the service has."""

import json
import re

import yaml
from conftest import ROOT

from bot.operations.metrics import Metrics

METRIC = re.compile(r"\b(?:zhiwen|process)_[a-z_]+")


def metrics() -> set[str]:
    """The names of all metrics of the service, as Prometheus stores them."""
    suffixes = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}
    return {
        found.name + suffix for found in Metrics(ROOT).registry.collect() for suffix in suffixes[found.type]
    }


def test_the_alerts_name_metrics_that_there_are() -> None:
    read = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
    expressions = [str(rule["expr"]) for group in read["groups"] for rule in group["rules"]]
    named = {name for expression in expressions for name in METRIC.findall(expression)}
    assert named - {"process_resident_memory_bytes"}
    assert named <= metrics()


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "zhiwen.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    named = {name for expression in shown for name in METRIC.findall(expression)}
    assert {
        name for name in metrics() if name.startswith("zhiwen_") and not name.endswith(("_sum", "_count"))
    } <= named
    assert named <= metrics()
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
