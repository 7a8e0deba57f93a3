"""Hostile bytes for everything that reads what strangers write; `make fuzz` goes on for longer."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import PIECES
from targets import TARGETS, Deliveries, Target

SECONDS = 10
WRITTEN = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=40).map("".join)
HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda written, encoding: written.encode(encoding, "replace"),
        WRITTEN,
        st.sampled_from(["utf-8", "utf-16", "gb18030"]),
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(max_size=10), values, max_size=4),
    max_leaves=10,
)
FIELDS = (
    "update_id message edited_message callback_query inline_query message_reaction my_chat_member from chat "
    "id date text entities type offset length document photo reply_to_message data query migrate_to_chat_id"
).split()
DELIVERY = st.recursive(
    JSON, lambda values: st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), max_leaves=20
)


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@settings(max_examples=150)
@given(data=HOSTILE)
def test_hostile_bytes_do_no_harm(target: Target, data: bytes) -> None:
    target(data)


@pytest.fixture(scope="module")
def deliveries() -> Iterator[Deliveries]:
    opened = Deliveries()
    yield opened
    opened.close()


@settings(max_examples=150)
@given(data=st.binary(max_size=200) | DELIVERY.map(lambda update: json.dumps(update).encode()))
def test_hostile_deliveries_do_no_harm(deliveries: Deliveries, data: bytes) -> None:
    deliveries(data)


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not made for this Python")
def test_fuzzing_guided_by_coverage_finds_nothing(tmp_path: Path) -> None:
    # One process for all targets: to instrument what they import takes longer than to fuzz it.
    for number, name in enumerate([*TARGETS, "webhook"]):
        for seed in sorted((ROOT / "seeds").iterdir()):
            (tmp_path / f"{name}-{seed.name}").write_bytes(bytes([number]) + seed.read_bytes())
    fuzz = [sys.executable, str(ROOT / "tests" / "fuzz" / "fuzz.py"), "all"]
    limits = [f"-max_total_time={SECONDS}", "-timeout=30", "-max_len=2000", "-print_final_stats=1"]
    done = subprocess.run(
        [*fuzz, *limits, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert "number_of_executed_units" in done.stderr
