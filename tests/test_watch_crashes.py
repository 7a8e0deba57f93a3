"""kill -9 while articles arrive: none is missed, none told twice. tests/watch_crashes.py kills more often."""

from pathlib import Path

from watch_crashes import check


async def test_articles_that_arrive_while_the_service_is_killed_are_told_once(tmp_path: Path) -> None:
    await check(tmp_path, articles=40, kills=4, seed=3)
