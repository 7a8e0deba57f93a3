"""What a question wants its figure in, and which figures are in that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.questions.measures import COUNTERS, PERSONS, THINGS, TIMES, measure_asked


@pytest.mark.parametrize(
    ("asked", "figure"),
    [
        ("发了多少张绿证", "3亿个"),
        ("有几台机器", "5块"),
        ("用了多少度电", "20千瓦时"),
        ("用了多少千瓦时", "20度"),
        ("估值多少", "3亿"),
        ("占几成", "四分之一"),
        ("排第几", "第3"),
        ("有多少周活用户", "8亿人"),
    ],
)
def test_what_counts_alike_stands_for_one_another(asked: str, figure: str) -> None:
    measure = measure_asked(asked)
    assert measure is not None
    assert measure.holds(figure)


@pytest.mark.parametrize(
    ("asked", "figure"), [("有多少名员工", "3台"), ("有多少家企业", "30人"), ("面积多大", "5亿元")]
)
def test_other_measures_do_not_fit(asked: str, figure: str) -> None:
    measure = measure_asked(asked)
    assert measure is not None
    assert not measure.holds(figure)


def test_what_is_no_counter_is_no_measure() -> None:
    assert measure_asked("目前有多少充电桩") is None


@given(st.sampled_from(sorted(COUNTERS)), st.sampled_from(sorted(COUNTERS)))
def test_counters_are_alike_in_both_directions(one: str, other: str) -> None:
    asked, back = measure_asked(f"有多少{one}星星"), measure_asked(f"有多少{other}星星")
    assert asked is not None
    assert back is not None
    assert one in asked.alike
    assert (other in asked.alike) == (one in back.alike)
    in_one_group = any(one in group and other in group for group in (PERSONS, TIMES, THINGS))
    assert (other in asked.alike) == (in_one_group or one == other)
