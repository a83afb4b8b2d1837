"""Statistics of the benchmark."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.drive import Answer, Driven
from benchmarks.measuring import growth, load_summary
from benchmarks.numbers import around, percentile, ratio, summary

TIMES = st.lists(st.floats(0.1, 1000), min_size=1, max_size=60)


@given(TIMES)
def test_percentiles_are_among_the_values_and_in_order(values: list[float]) -> None:
    found = [percentile(values, part) for part in (0.0, 0.5, 0.95, 1.0)]
    assert found == sorted(found) and set(found) <= set(values)
    assert found[0] == min(values) and found[-1] == max(values)


def test_a_percentile_of_nothing_is_no_number() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
    assert summary([]) == {"count": 0}


def test_percentiles_by_nearest_rank() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)) == (50.0, 95.0, 99.0)
    assert summary(values)["p99_ms"] == 99.0


def test_the_window_around_a_turn() -> None:
    course = [float(number) for number in range(1, 101)]
    assert around(course, 1, 0) == 1.0 and around(course, 50, 5) == 50.0 and around(course, 100, 10) == 95.0
    assert around(course, 101, 20) is None


def test_ratios_of_missing_figures_are_missing() -> None:
    assert ratio(10.0, 4.0) == 2.5
    assert ratio(None, 4.0) is None and ratio(1.0, None) is None and ratio(1.0, 0.0) is None


def test_growth_reads_each_turn_off_all_people() -> None:
    found = growth([[10.0] * 120, [20.0] * 120, [30.0] * 110])
    assert found["at"]["1"] == 20.0 and found["at"]["100"] == 20.0 and found["at"]["300"] is None
    assert found["turns"] == 110 and found["people"] == 3 and found["course_ms"][0] == 20.0


def test_a_load_is_summed_up() -> None:
    run = Driven([Answer(0, 0.01, 1.0, True), Answer(1, 0.03, 2.0, False)], wall_s=2.0, failed=1)
    told = load_summary([run, run])
    assert told["per_s"] == 1.0 and told["count"] == 4 and told["silent"] == 2 and told["failed"] == 2
    assert run.ms() == [10.0, 30.0] and run.ms(lambda answer: answer.turn == 0) == [10.0]
