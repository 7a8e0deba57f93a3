"""A chat's own hours: when it is left alone, when something is due, whatever its clocks do."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import ChatSettings
from bot.telegram.hours import QUIET, ZONES, is_quiet, named, next_due, zone_of

MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001


def hours(first: int, last: int, zone: str = "Asia/Shanghai") -> ChatSettings:
    return ChatSettings(quiet_from=first, quiet_until=last, zone=zone)


@given(after=MOMENTS, zone=st.sampled_from(ZONES), hour=st.integers(0, 23), weekday=st.integers(0, 6))
def test_what_is_due_comes_at_its_hour_within_a_week(
    after: dt.datetime, zone: str, hour: int, weekday: int
) -> None:
    daily, weekly = next_due(after, zone, hour), next_due(after, zone, hour, weekday)
    assert after < daily <= weekly
    assert daily - after <= dt.timedelta(hours=26)
    assert weekly - after <= dt.timedelta(days=7, hours=2)
    local = weekly.astimezone(zone_of(zone))
    assert local.weekday() == weekday
    assert local.hour in {hour, (hour + 1) % 24}  # the one after where the clocks leave it out


@given(moment=MOMENTS, zone=st.sampled_from(ZONES), first=st.integers(0, 23), last=st.integers(0, 23))
def test_an_hour_is_quiet_or_that_of_the_hours_turned_round(
    moment: dt.datetime, zone: str, first: int, last: int
) -> None:
    quiet = is_quiet(moment, hours(first, last, zone))
    assert quiet != is_quiet(moment, hours(last, first, zone)) or first == last
    assert not (quiet and first == last)


@pytest.mark.parametrize(("hour", "quiet"), [(13, False), (14, True), (23, True), (0, False)])
def test_hours_are_those_of_the_chat(hour: int, quiet: bool) -> None:  # noqa: FBT001 - a case
    assert is_quiet(dt.datetime(2026, 11, 24, hour, 30, tzinfo=dt.UTC), hours(22, 8)) == quiet


def test_what_is_offered_can_be_chosen() -> None:
    assert all(zone == "UTC" or zone_of(zone) != dt.UTC for zone in ZONES)
    assert all(hours(*pair) for pair in QUIET)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("europe/paris", "Europe/Paris"),
        ("utc", "UTC"),
        ("", None),
        ("火星", None),
        ("../etc/passwd", None),
    ],
)
def test_a_zone_may_be_typed(typed: str, zone: str | None) -> None:
    assert named(typed) == zone
