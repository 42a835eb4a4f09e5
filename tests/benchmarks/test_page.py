"""The documentation's part is made from a result."""

import pathlib

from report import page
from report.results import Result
from rounds import Row, Skipped


def test_the_page_tells_machine_ratio_and_what_is_missing(tmp_path: pathlib.Path) -> None:
    """Facts, picture, a table with ratios, and the peers that were left out."""
    result = Result(
        facts={
            "date": "2026-01-01",
            "cpu": "a processor",
            "cores": 2,
            "system": "Linux 6",
            "python": "CPython 3.11",
            "versions": {"aiohttp": "3.14.5", "pycurl": "not installed"},
        },
        rows=[
            Row("server", "plaintext", "asyncio", "aiohttp_core", "cpu_us", [20.0]),
            Row("server", "plaintext", "asyncio", "aiohttp", "cpu_us", [50.0]),
            Row("server", "plaintext", "asyncio", "aiohttp", "rate", [1.0]),
        ],
        skipped=[Skipped("client", "GET", "pycurl", "pycurl is not installed")],
    )
    written = page.write(result, tmp_path)
    assert [path.name for path in written] == ["bench-server.svg", "performance-results.inc"]
    text = written[-1].read_text()
    assert "Measured on 2026-01-01: a processor, 2 cores, Linux 6, CPython 3.11.\nVersions: aiohttp 3.14.5." in text
    assert "| plaintext | 20 (2.50x) | 50 |" in text
    assert "- pycurl: pycurl is not installed" in text
    assert "/s" not in text
