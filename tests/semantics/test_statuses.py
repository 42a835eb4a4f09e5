import pytest

from aiohttp_core._semantics.statuses import RESPONSES, must_be_empty_body, reason_phrase, should_remove_content_length


def test_phrases() -> None:
    """Registered codes have a phrase and others an empty one."""
    assert reason_phrase(404) == "Not Found"
    assert reason_phrase(599) == ""
    assert RESPONSES[200][0] == "OK"


@pytest.mark.parametrize(
    ("method", "code", "empty", "no_length"),
    [
        ("GET", 200, False, False),
        ("HEAD", 200, True, False),
        ("GET", 204, True, True),
        ("GET", 304, True, True),
        ("GET", 101, True, True),
        ("CONNECT", 200, True, True),
        ("CONNECT", 404, False, False),
    ],
)
def test_empty_bodies(method: str, code: int, empty: bool, no_length: bool) -> None:
    """#10587: responses that end after their head are told from method and code."""
    assert must_be_empty_body(method, code) is empty
    assert should_remove_content_length(method, code) is no_length
