"""Results are kept, shown and drawn as they were measured."""

import pathlib
from xml.etree import ElementTree

from report import charts, table
from report.results import Result, gains, load, merge
from rounds import Row, Skipped

RESULT = Result(
    facts={"python": "CPython 3.11"},
    rows=[
        Row("server", "plaintext", "asyncio", "aiohttp_core", "cpu_us", [20.0, 25.0, 30.0]),
        Row("server", "plaintext", "asyncio", "aiohttp", "cpu_us", [50.0, 50.0, 60.0]),
        Row("server", "plaintext", "asyncio", "raw protocol", "cpu_us", [10.0, 10.0, 10.0]),
    ],
    skipped=[Skipped("server", "plaintext", "granian", "granian is not installed")],
)


def test_a_result_survives_its_file(tmp_path: pathlib.Path) -> None:
    """What was saved is what is loaded."""
    RESULT.save(tmp_path / "result.json")
    assert load(tmp_path / "result.json") == RESULT


def test_results_are_merged() -> None:
    """Two runs become one, with the first one's facts."""
    whole = merge([RESULT, Result(facts={"python": "another"}, rows=[RESULT.rows[0]])])
    assert (whole.facts, len(whole.rows), whole.skipped) == (RESULT.facts, 4, RESULT.skipped)


def test_gains_are_taken_round_by_round() -> None:
    """Less time is a gain above one, and so is more throughput."""
    assert gains([20.0, 25.0], [50.0, 50.0], "cpu_us") == [2.5, 2.0]
    assert gains([200.0], [100.0], "rate") == [2.0]
    assert gains([0.0], [1.0], "mib") == []


def test_the_table_has_ratio_spread_and_limit() -> None:
    """A row shows its median, half its range, the ratio to aiohttp and the part of the limit."""
    shown = table.text(RESULT).splitlines()
    assert shown[0] == "server, asyncio: CPU time for one (us; less is better)"
    assert shown[3].split() == ["plaintext", "aiohttp_core", "25", "±20%", "2.00", "40%"]
    assert "left out: server: plaintext: granian: granian is not installed" in shown


def test_a_chart_has_a_bar_and_an_error_bar_for_each_peer(tmp_path: pathlib.Path) -> None:
    """The picture is well-formed and shows every peer."""
    (path,) = charts.draw_all(RESULT, tmp_path)
    picture = ElementTree.parse(path).getroot()
    name = "{http://www.w3.org/2000/svg}"
    texts = [element.text for element in picture.iter(f"{name}text")]
    assert {"aiohttp_core", "aiohttp", "raw protocol", "25"} <= set(texts)
    assert len(list(picture.iter(f"{name}path"))) == 3
