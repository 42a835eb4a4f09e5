"""The cookie jar: who gets which cookie, and what a file may hold."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import pickle
import stat
import time
from collections import defaultdict
from http.cookies import CookieError, Morsel, SimpleCookie

import pytest
from yarl import URL

from aiohttp_core import CookieJar, DummyCookieJar

SITE = URL("https://www.example.com/a/b")


def jar_with(*fields: str, url: URL = SITE, **options: object) -> CookieJar:
    jar = CookieJar(**options)  # type: ignore[arg-type]
    jar.update_cookies_from_headers(fields, url)
    return jar


def sent(jar: CookieJar, url: str) -> dict[str, str]:
    return {name: morsel.coded_value for name, morsel in jar.filter_cookies(URL(url)).items()}


@pytest.mark.parametrize(
    ("field", "url", "goes"),
    [
        ("a=b", "https://www.example.com/a/x", True),
        ("a=b", "https://www.example.com/", False),
        ("a=b; Path=/", "https://www.example.com/", True),
        ("a=b; Path=/", "https://example.com/", False),
        ("a=b; Path=/", "https://sub.www.example.com/", False),
        ("a=b; Path=/; Domain=example.com", "https://example.com/", True),
        ("a=b; Path=/; Domain=.example.com", "https://other.example.com/", True),
        ("a=b; Path=/; Domain=example.com", "https://badexample.com/", False),
        ("a=b; Path=/; Domain=other.com", "https://other.com/", False),
        ("a=b; Path=/; Secure", "http://www.example.com/", False),
        ("a=b; Path=/; Secure", "https://www.example.com/", True),
        ("a=b; Path=/one", "https://www.example.com/one/two", True),
        ("a=b; Path=/one", "https://www.example.com/onetwo", False),
        ("a=b; Path=/one/", "https://www.example.com/one", False),
        ("a=b; Path=/one/", "https://www.example.com/one/", True),
        ("a=b; Path=/one/", "https://www.example.com/one/two", True),
        ("a=b; Path=/; Max-Age=0", "https://www.example.com/", False),
        ("a=b; Path=/; Max-Age=10", "https://www.example.com/", True),
        ("a=b; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://www.example.com/", False),
        ("a=b; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "https://www.example.com/", True),
        ("__Secure-a=b; Path=/", "https://www.example.com/", False),
        ("__Secure-a=b; Path=/; Secure", "https://www.example.com/", True),
        ("__Host-a=b; Path=/; Secure", "https://www.example.com/", True),
        ("__Host-a=b; Path=/; Secure; Domain=www.example.com", "https://www.example.com/", False),
        ("__Host-a=b; Path=/a; Secure", "https://www.example.com/a", False),
    ],
)
def test_who_gets_it(field: str, url: str, goes: bool) -> None:
    """A cookie goes where RFC 6265bis lets it, and nowhere else."""
    assert bool(sent(jar_with(field), url)) is goes


def test_prefixes_need_tls() -> None:
    """A prefixed cookie that came without TLS is dropped."""
    assert not len(jar_with("__Secure-a=b; Path=/; Secure", url=URL("http://www.example.com/")))


@pytest.mark.parametrize("value", ['"x y"', "a=b=c", "ü", "%20", '"a\\"b"', "a,b"])
def test_values_go_back_as_they_came(value: str) -> None:
    """The octets of a value are not touched."""
    assert sent(jar_with(f"a={value}; Path=/"), "https://www.example.com/") == {"a": value}


def test_longest_path_wins() -> None:
    """Of two cookies with one name, the one with the longer path is sent."""
    jar = jar_with("a=root; Path=/", "a=deep; Path=/a")
    assert sent(jar, "https://www.example.com/a/b") == {"a": "deep"}
    assert sent(jar, "https://www.example.com/b") == {"a": "root"}


def test_addresses_need_unsafe() -> None:
    """Hosts named by an address set cookies only for an unsafe jar."""
    url = URL("http://127.0.0.1/")
    assert not len(jar_with("a=b", url=url))
    jar = jar_with("a=b", url=url, unsafe=True)
    assert sent(jar, "http://127.0.0.1/") == {"a": "b"}
    assert sent(jar, "http://127.0.0.2/") == {}


def test_shared_cookies() -> None:
    """Cookies that a program sets without a URL go everywhere."""
    jar = CookieJar()
    jar.update_cookies({"a": "b c"})
    assert sent(jar, "http://x.test/") == {"a": '"b c"'}
    assert sent(jar, "http://127.0.0.1/") == {"a": '"b c"'}


def test_secure_origins() -> None:
    """An origin can be treated as secure."""
    jar = jar_with("a=b; Path=/; Secure", url=URL("http://local.test/"), treat_as_secure_origin="http://local.test")
    assert sent(jar, "http://local.test/") == {"a": "b"}


def test_save_and_load(tmp_path: pathlib.Path) -> None:
    """A file keeps everything, the host-only flag too, is for its owner only, and even where it was open before."""
    path = tmp_path / "jar"
    path.touch(mode=0o644)
    jar = jar_with("a=b; Path=/", 'c="d e"; Path=/; Domain=example.com; Max-Age=100')
    jar.save(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    again = CookieJar()
    again.load(path)
    assert again.host_only_cookies == jar.host_only_cookies == {("www.example.com", "/", "a")}
    assert sent(again, "https://www.example.com/") == {"a": "b", "c": '"d e"'}
    assert sent(again, "https://sub.example.com/") == {"c": '"d e"'}


@pytest.mark.parametrize("pickled", [False, True])
@pytest.mark.parametrize(("name", "value"), [("e", "x\r\ny"), ("e", "x;y"), ("e e", "x"), ("e", "\0")])
def test_what_could_not_be_sent_is_not_loaded(tmp_path: pathlib.Path, pickled: bool, name: str, value: str) -> None:
    """A file with a cookie that would break the field it stands in gives the others."""
    path = tmp_path / "jar"
    if pickled:
        kept: dict[tuple[str, str], SimpleCookie] = defaultdict(SimpleCookie)
        for key, text in ((name, value), ("a", "b")):
            morsel: Morsel[str] = Morsel()
            morsel.__setstate__({"key": key, "value": text, "coded_value": text})  # type: ignore[attr-defined]
            dict.__setitem__(kept["www.example.com", "/"], key, morsel)
        path.write_bytes(pickle.dumps(kept))
    else:
        cookies = {key: {"key": key, "value": text, "coded_value": text} for key, text in ((name, value), ("a", "b"))}
        path.write_text(json.dumps({"www.example.com|/": cookies}))
    jar = CookieJar()
    jar.load(path)
    assert sent(jar, "https://www.example.com/") == {"a": "b"}


class Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("false",))


def test_no_unsafe_unpickling(tmp_path: pathlib.Path) -> None:
    """A pickle that would run code is refused, and the old cookies stay."""
    path = tmp_path / "jar"
    path.write_bytes(pickle.dumps(Evil()))
    jar = jar_with("a=b; Path=/")
    with pytest.raises(pickle.UnpicklingError):
        jar.load(path)
    assert len(jar) == 1


def test_clear() -> None:
    """Cookies are removed by predicate, by domain, or all."""
    jar = jar_with("a=1; Path=/", "b=2; Path=/; Domain=example.com")
    jar.clear(lambda morsel: morsel.key == "a")
    assert [morsel.key for morsel in jar] == ["b"]
    jar.clear_domain("example.com")
    assert len(jar) == 0
    jar.update_cookies({"x": "y"})
    jar.clear()
    assert list(jar) == []


def test_one_warning_for_bad_cookies(caplog: pytest.LogCaptureFixture) -> None:
    """However many bad cookies a response sets, the log gets one line."""
    jar_with(*(f"bad name{number}=x" for number in range(100)))
    assert len(caplog.records) == 1


def test_many_cookies_cost_nothing() -> None:
    """Finding the cookies of a host does not depend on how many others there are."""
    jar = CookieJar()
    for number in range(10_000):
        jar.update_cookies_from_headers(["a=b; Path=/"], URL(f"https://h{number}.test/"))
    url = URL("https://h77.test/")
    begin = time.perf_counter()
    for _ in range(1000):
        assert len(jar.filter_cookies(url)) == 1
    assert time.perf_counter() - begin < 0.5


def test_dummy_jar() -> None:
    """A DummyCookieJar keeps nothing."""

    async def main() -> None:
        jar = DummyCookieJar()
        jar.update_cookies({"a": "b"})
        assert len(jar.filter_cookies(SITE)) == len(jar) == 0

    asyncio.run(main())


def many(jar: CookieJar, number: int, at: int = 0) -> None:
    for each in range(at, at + number):
        jar.update_cookies_from_headers([f"c{each}=v"], SITE)


def test_a_domain_keeps_its_newest_cookies() -> None:
    """A server that sets more cookies than a domain may have loses its oldest, those set again last of all."""
    jar = CookieJar()
    many(jar, 180)
    assert len(jar) == 180
    jar.update_cookies_from_headers(["c0=again"], SITE)
    many(jar, 1, 180)
    assert len(jar) == 150
    kept = set(sent(jar, str(SITE)))
    assert {"c0", "c180", "c179", "c32"} <= kept
    assert not {"c1", "c31"} & kept
    many(jar, 1000, 1000)
    assert len(jar) <= 180


def test_paths_count_together() -> None:
    """The limit is a domain's, whatever the paths; what was removed counts no longer."""
    jar = CookieJar()
    for each in range(500):
        jar.update_cookies_from_headers([f"c{each}=v; Path=/{each}"], SITE)
    assert len(jar) <= 180
    jar.clear()
    many(jar, 100)
    assert len(jar) == 100
    jar.clear(lambda morsel: morsel.key != "c7")
    assert [morsel.key for morsel in jar] == ["c7"]
    many(jar, 100)
    assert len(jar) == 100


def test_all_domains_together_are_bounded() -> None:
    """Ten thousand cookies are kept; many more are not, and the oldest go."""
    jar = CookieJar()
    for number in range(12_000):
        jar.update_cookies_from_headers(["a=b"], URL(f"https://h{number}.test/"))
        if number == 9_999:
            assert len(jar) == 10_000
            assert sent(jar, "https://h0.test/") == {"a": "b"}
    assert len(jar) <= 11_000
    assert sent(jar, "https://h0.test/") == {}
    assert sent(jar, "https://h11999.test/") == {"a": "b"}


def test_shared_cookies_are_the_programs_own() -> None:
    """What the program itself gives for every host is not cut to a domain's number."""
    jar = CookieJar()
    jar.update_cookies({f"c{each}": "v" for each in range(1000)})
    assert len(jar) == 1000


def test_an_overridden_update_sees_what_servers_set() -> None:
    """A jar that overrides update_cookies is still asked for each response."""

    class Own(CookieJar):
        def update_cookies(self, cookies: object, response_url: URL = SITE) -> None:
            super().update_cookies([("x", "y")], response_url)

    jar = Own()
    jar.update_cookies_from_headers(["a=b"], SITE)
    assert sent(jar, str(SITE)) == {"x": "y"}


def test_what_programs_get_is_not_the_jars_own() -> None:
    """filter_cookies gives one copy of each Morsel, made once: changed or not, what a session sends and saves stays."""
    jar = jar_with("a=b; Path=/")
    given, again = jar.filter_cookies(SITE)["a"], jar.filter_cookies(SITE)["a"]
    assert given is again
    given.set("a", "other", "other")
    assert [morsel.value for morsel in jar] == ["b"]
    assert jar.matching(SITE)["a"].value == "b"
    jar.update_cookies_from_headers(["a=c; Path=/"], SITE)
    assert jar.filter_cookies(SITE)["a"].value == "c"


def test_paths_with_and_without_a_slash() -> None:
    """/a and /a/ are two paths (RFC 6265 section 5.1.4), also where the jar holds many: the nearest wins."""
    jar = jar_with("x=1; Path=/a", "x=2; Path=/a/", "y=3; Path=/a/b/", "z=4; Path=/c")
    assert sent(jar, "https://www.example.com/a") == {"x": "1"}
    assert sent(jar, "https://www.example.com/a/") == {"x": "2"}
    assert sent(jar, "https://www.example.com/a/b") == {"x": "2"}
    assert sent(jar, "https://www.example.com/a/b/c") == {"x": "2", "y": "3"}
    assert sorted(morsel["path"] for morsel in jar) == ["/a", "/a/", "/a/b/", "/c"]


@pytest.mark.parametrize("quote", [True, False])
@pytest.mark.parametrize("name", ["a\r\n", "a b", "a;b", "", "a\0"])
def test_names_that_are_none(name: str, quote: bool) -> None:
    """A program's cookie with such a name is http.cookies' error, which here is a ValueError too."""
    jar = CookieJar(quote_cookie=quote)
    with pytest.raises(CookieError) as caught:
        jar.update_cookies({name: "x"})
    assert isinstance(caught.value, ValueError)
    assert len(jar) == 0


def test_what_is_to_be_sent_has_no_attributes() -> None:
    """filter_cookies gives names and values alone, as programs write them into a field; the jar keeps attributes."""
    jar = jar_with('a="b c"; Path=/; HttpOnly; Domain=example.com')
    assert jar.filter_cookies(SITE).output(header="", sep=";") == ' a="b c"'
    (kept,) = jar
    assert (kept["path"], kept["domain"], kept["httponly"]) == ("/", "example.com", True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0X7F000001", "1.2.3.4.5", "[::1]"])
def test_addresses_in_any_form(host: str) -> None:
    """A host that resolvers take for an address sets no cookie, unless the jar is unsafe; no domain covers it then."""
    url = URL(f"http://{host}/")
    assert not sent(jar_with("a=b", "c=d; Domain=1", url=url), str(url))
    assert sent(jar_with("a=b", "c=d; Domain=1", url=url, unsafe=True), str(url)) == {"a": "b"}


@pytest.mark.parametrize("host", ["1and1.example", "web.1", "0xy.test", "dead.beef"])
def test_names_with_digits_are_no_addresses(host: str) -> None:
    """A name with a label that is no number is a name."""
    assert sent(jar_with("a=b", url=URL(f"http://{host}/")), f"http://{host}/") == {"a": "b"}


@pytest.mark.parametrize(
    "attribute",
    ["Max-Age=\u0661\u0662", "Max-Age=\uff11", "Expires=Wed, \u0660\u0661 Jan 2020 00:00:00 GMT", "Max-Age=1_0"],
)
def test_other_digits_are_none(attribute: str) -> None:
    """CVE-2025-69224: only ASCII digits count; a lifetime in others is as none, and no error."""
    (morsel,) = jar_with(f"a=b; {attribute}")
    assert (morsel["max-age"], morsel["expires"]) == ("", "")
