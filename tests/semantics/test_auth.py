import time

import pytest
from yarl import URL

from aiohttp_core._semantics.basic_auth import BasicAuth, credentials_equal, encode_basic_auth
from aiohttp_core._semantics.digest_auth import (
    DigestRequest,
    answer_challenge,
    escape_quotes,
    parse_challenge,
    parse_header_pairs,
    unescape_quotes,
)


def basic(login: str, password: str = "", encoding: str = "latin1") -> BasicAuth:
    with pytest.warns(DeprecationWarning, match="BasicAuth"):
        return BasicAuth(login, password, encoding)


def test_basic_round_trip() -> None:
    """What is encoded is decoded the same, without a warning."""
    auth = basic("a", "b:c")
    assert auth.encode() == "Basic YTpiOmM="
    assert BasicAuth.decode(auth.encode()) == auth
    assert encode_basic_auth("\xe9", "b") == "Basic w6k6Yg=="
    assert repr(auth) == "BasicAuth(login='a', password='b:c', encoding='latin1')"


@pytest.mark.parametrize(
    "header", ["Bearer x", "Basic", "Basic !!!", "Basic YQ==", "Basic  YTpi", "Basic YTpi ", "Basic YTp", "Basic \xe9"]
)
def test_bad_basic_field(header: str) -> None:
    """A field that is not well-formed Basic is a ValueError."""
    with pytest.raises(ValueError, match=r"\w"):
        BasicAuth.decode(header)


@pytest.mark.parametrize("login", ["a:b", None])
@pytest.mark.filterwarnings("ignore:BasicAuth")
def test_bad_login(login: str) -> None:
    """A login with a colon, or None, is a ValueError."""
    with pytest.raises(ValueError, match="allowed"):
        BasicAuth(login)


def test_basic_from_url() -> None:
    """Credentials come from the authority, decoded; there are none without it."""
    assert BasicAuth.from_url(URL("http://a:b%20c@x")) == basic("a", "b c")
    assert BasicAuth.from_url(URL("http://x")) is None
    with pytest.raises(TypeError):
        BasicAuth.from_url("http://x")  # type: ignore[arg-type]


def test_credentials_equal() -> None:
    """Comparison in constant time tells the same as ``==``."""
    assert credentials_equal(basic("a", "b"), basic("a", "b"))
    assert not credentials_equal(basic("a", "b"), basic("a", "c"))
    assert not credentials_equal(basic("a", "b"), basic("x", "b"))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Digest realm="a", nonce="b", qop="auth,auth-int"', {"realm": "a", "nonce": "b", "qop": "auth,auth-int"}),
        ('realm="a\\"b",nonce=b', {"realm": 'a"b', "nonce": "b"}),
        ('a="x,y"; b=c', {"a": "x,y", "b": "c"}),
        ('a="\\\\"', {"a": "\\"}),
        ("a=", {}),
        ('a="1",b="2', {"a": "1", "b": '"2'}),
    ],
)
def test_header_pairs(header: str, expected: dict[str, str]) -> None:
    """The pairs of a challenge are read with quoted strings unescaped."""
    assert parse_header_pairs(header) == expected


def test_quotes_round_trip() -> None:
    """#13054: escaping and unescaping a quoted string are inverse."""
    for value in ('a"b', "a\\b", 'a\\"b', "\\\\", '"'):
        assert unescape_quotes(escape_quotes(value)) == value


RFC_CHALLENGE = (
    'Digest realm="http-auth@example.org", qop="{qop}", algorithm={algorithm}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
RFC_REQUEST = DigestRequest("GET", "/dir/index.html", b"", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_rfc_example(algorithm: str, response: str) -> None:
    """RFC 7616 section 3.9.1: the example's request gets the example's response."""
    challenge = parse_challenge(RFC_CHALLENGE.format(qop="auth", algorithm=algorithm))
    assert challenge is not None
    field = answer_challenge(challenge, "Mufasa", "Circle of Life", RFC_REQUEST)
    pairs = parse_header_pairs(field)
    assert pairs["response"] == response
    assert pairs["nc"] == "00000001"
    assert pairs["username"] == "Mufasa"
    assert "qop=auth" in field
    assert pairs["opaque"] == challenge["opaque"]


def test_rfc_userhash_example() -> None:
    """RFC 7616 section 3.9.2: SHA-512-256 hashes the user name (erratum 4897), as far as the platform has that hash."""
    challenge = parse_challenge(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", '
        "charset=UTF-8, userhash=true"
    )
    assert challenge is not None
    request = DigestRequest("GET", "/doe.json", b"", 1, "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm")
    try:
        pairs = parse_header_pairs(answer_challenge(challenge, "J\xe4s\xf8n Doe", "Secret, or not?", request))
    except ValueError:
        pytest.skip("hashlib has no SHA-512-256 here")
    assert pairs["username"] == "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
    assert pairs["userhash"] == "true"


def test_auth_int_covers_the_body() -> None:
    """With auth-int another body gets another response."""
    challenge = parse_challenge(RFC_CHALLENGE.format(qop="auth,auth-int", algorithm="SHA-256-sess"))
    assert challenge is not None
    fields = {answer_challenge(challenge, "u", "p", DigestRequest("POST", "/", body, 1, "c")) for body in (b"a", b"b")}
    assert len(fields) == 2
    assert all("qop=auth-int" in field for field in fields)


def test_user_name_cannot_break_out() -> None:
    """Quotes in a user name are escaped in the response."""
    challenge = parse_challenge(RFC_CHALLENGE.format(qop="auth", algorithm="MD5"))
    assert challenge is not None
    assert 'username="a\\", realm=\\"x"' in answer_challenge(challenge, 'a", realm="x', "p", RFC_REQUEST)


@pytest.mark.parametrize("change", [{"algorithm": "ROT13"}, {"qop": "none"}, {"nonce": ""}])
def test_bad_challenge(change: dict[str, str]) -> None:
    """An unknown algorithm or qop, or a missing nonce, is a ValueError."""
    challenge = {"realm": "r", "nonce": "n", "algorithm": "MD5", "qop": "auth"} | change
    with pytest.raises(ValueError, match="Digest"):
        answer_challenge(challenge, "u", "p", RFC_REQUEST)


def test_other_schemes_are_no_challenge() -> None:
    """A field that offers another scheme holds no Digest challenge."""
    assert parse_challenge('Basic realm="a"') is None


@pytest.mark.parametrize("flood", ['a="', 'a="\\"', "a=", ",", "a ", "a", " ", "a  ="])
def test_linear_time(flood: str) -> None:
    """No challenge makes parsing slower than linear."""
    started = time.process_time()
    parse_header_pairs(flood * 20_000)
    assert time.process_time() - started < 1
