"""Two results are compared by what lies beyond the noise."""

from report.compare import compare
from report.results import Result
from rounds import Row


def result(**values: list[float]) -> Result:
    """One scenario; ``aiohttp_core=[...]`` are a peer's CPU times."""
    return Result(rows=[Row("server", "json", "asyncio", peer, "cpu_us", times) for peer, times in values.items()])


def test_a_slower_machine_is_no_change() -> None:
    """Where the reference slowed down alike, nothing changed."""
    old = result(aiohttp_core=[40.0, 41.0, 42.0], aiohttp=[80.0, 82.0, 84.0])
    new = result(aiohttp_core=[60.0, 61.5, 63.0], aiohttp=[120.0, 123.0, 126.0])
    comparison = compare(old, new)
    assert [change.peer for change in comparison.changes] == ["aiohttp"]
    assert comparison.worse == []


def test_a_worse_ratio_is_told() -> None:
    """Ours became slower beside a steady reference: it is named, with its factor."""
    old = result(aiohttp_core=[40.0, 40.0, 40.0], aiohttp=[80.0, 80.0, 80.0])
    new = result(aiohttp_core=[50.0, 50.0, 50.0], aiohttp=[80.0, 80.0, 80.0])
    (change,) = compare(old, new).worse
    assert (change.peer, change.measured, change.old, change.new) == ("aiohttp_core", "ratio to aiohttp", 2.0, 1.6)
    assert (change.factor, change.verdict) == (0.8, "worse")


def test_overlapping_ranges_are_noise() -> None:
    """Medians far apart prove nothing where the rounds overlap."""
    old = result(aiohttp_core=[40.0, 41.0, 60.0])
    new = result(aiohttp_core=[55.0, 58.0, 70.0])
    assert compare(old, new).changes == []


def test_small_differences_are_noise() -> None:
    """Steady rounds that differ by less than the floor are no change."""
    assert compare(result(aiohttp_core=[100.0]), result(aiohttp_core=[104.0])).changes == []


def test_instructions_are_taken_exactly() -> None:
    """Two percent more instructions are a change."""
    old, new = (
        Result(rows=[Row("instructions server", "json", "asyncio", "aiohttp_core", "instructions", [count])])
        for count in (100_000.0, 102_000.0)
    )
    (change,) = compare(old, new).changes
    assert change.verdict == "worse"


def test_throughput_is_better_when_higher() -> None:
    """More requests per second are better."""
    old, new = (
        Result(rows=[Row("server", "json", "asyncio", "aiohttp_core", "rate", [rate])]) for rate in (1000.0, 2000.0)
    )
    (change,) = compare(old, new).changes
    assert (change.verdict, change.factor) == ("better", 2.0)


def test_what_only_one_has_is_listed() -> None:
    """A row without its counterpart is not compared, and not forgotten."""
    comparison = compare(result(aiohttp_core=[1.0]), result(aiohttp=[1.0]))
    assert comparison.compared == 0
    assert comparison.only_old == ["server / json / asyncio / aiohttp_core / cpu_us"]
    assert comparison.only_new == ["server / json / asyncio / aiohttp / cpu_us"]
