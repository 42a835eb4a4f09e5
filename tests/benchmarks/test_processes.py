"""Worker processes: asked by lines, given up for good once they do not answer."""

import pathlib

import pytest
from processes import PeerError, Worker, cpu_seconds, environment


def script(tmp_path: pathlib.Path, text: str) -> pathlib.Path:
    path = tmp_path / "worker.py"
    path.write_text(text)
    return path


def test_a_worker_answers_orders(tmp_path: pathlib.Path) -> None:
    """An order is a JSON line, and so is its answer."""
    worker = Worker(script(tmp_path, "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"), [])
    try:
        assert worker.ask(count=3) == {"count": 3}
    finally:
        worker.close()


def test_an_error_is_raised_with_its_words(tmp_path: pathlib.Path) -> None:
    """What a worker cannot do becomes the reason to leave it out."""
    worker = Worker(script(tmp_path, 'print(\'{"error": "is not installed"}\', flush=True)'), [])
    try:
        with pytest.raises(PeerError, match="is not installed"):
            worker.read()
    finally:
        worker.close()


def test_a_worker_that_ends_tells_its_last_words(tmp_path: pathlib.Path) -> None:
    """The last line that it logged says why."""
    worker = Worker(script(tmp_path, "import sys\nsys.exit('no such thing')"), [])
    try:
        with pytest.raises(PeerError, match="ended: no such thing"):
            worker.read()
    finally:
        worker.close()


def test_a_late_answer_is_never_taken_for_another(tmp_path: pathlib.Path) -> None:
    """Once an answer did not come in time, no further order is sent."""
    worker = Worker(script(tmp_path, "import sys\nsys.stdin.read()"), [], patience=0)
    try:
        with pytest.raises(PeerError, match="no answer"):
            worker.ask(count=1)
        with pytest.raises(PeerError, match="given up earlier"):
            worker.ask(count=2)
    finally:
        worker.close()


def test_the_environment_chooses_the_twin() -> None:
    """Pure is asked for by the variable, and never together with the demand for extensions."""
    assert environment(pure=True)["AIOHTTP_NO_EXTENSIONS"] == "1"
    assert "AIOHTTP_CORE_REQUIRE_EXTENSIONS" not in environment(pure=True)
    assert "AIOHTTP_NO_EXTENSIONS" not in environment()


@pytest.mark.skipif(not pathlib.Path("/proc/self/schedstat").exists(), reason="the scheduler tells no times here")
def test_cpu_time_is_that_of_the_process(tmp_path: pathlib.Path) -> None:
    """A worker that computed has used more than nothing."""
    worker = Worker(script(tmp_path, "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"), [])
    try:
        worker.ask(count=1)
        assert cpu_seconds(worker.pid) > 0
    finally:
        worker.close()
