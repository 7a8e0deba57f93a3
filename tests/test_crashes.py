"""kill -9 while it indexes, reloads, stores: what is left is whole. `make crash` kills more often."""

import random
from pathlib import Path

import warm
from crashes import Crashes

KILLS = 8


def test_a_killed_process_leaves_a_whole_index_and_an_intact_store(tmp_path: Path) -> None:
    warm.warm(tmp_path / "data")
    crashes = Crashes(tmp_path, random.Random(5))
    for _ in range(KILLS):
        crashes.crash()
