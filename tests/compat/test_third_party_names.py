"""What libraries on aiohttp import from its modules: each name is there, and is the object that we use ourselves."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import aiohttp_core

NAMES = {
    "base_protocol": "BaseProtocol",
    "client": "ClientResponse ClientSession _RequestContextManager _WSRequestContextManager _RequestOptions URL",
    "client_proto": "ResponseHandler",
    "client_reqrep": "ClientRequest ClientResponse RequestInfo ContentDisposition Fingerprint ConnectionKey"
    " MappingProxyType _merge_ssl_params",
    "connector": "Connection TCPConnector BaseConnector _DNSCacheTable _SSL_CONTEXT_VERIFIED _SSL_CONTEXT_UNVERIFIED",
    "helpers": "TimerNoop HeadersMixin BasicAuth sentinel _SENTINEL parse_mimetype strip_auth_from_url"
    " must_be_empty_body is_ip_address get_running_loop reify set_result TOKEN DEBUG",
    "http": "RESPONSES SERVER_SOFTWARE HttpVersion HttpVersion10 HttpVersion11 RawRequestMessage RawResponseMessage"
    " StreamWriter WebSocketReader WebSocketWriter WSMessage",
    "http_exceptions": "BadHttpMessage BadHttpMethod BadStatusLine ContentEncodingError ContentLengthError"
    " HttpBadRequest HttpProcessingError InvalidHeader InvalidURLError LineTooLong PayloadEncodingError"
    " TransferEncodingError",
    "http_parser": "HeadersParser RawRequestMessage HttpRequestParser HttpRequestParserPy HttpRequestParserC"
    " HttpResponseParser HttpResponseParserPy HttpResponseParserC HttpPayloadParser DeflateBuffer",
    "http_writer": "StreamWriter HttpVersion10 HttpVersion11",
    "http_websocket": "WSMessage WebSocketDataQueue PACK_LEN1 PACK_LEN2 PACK_LEN3 PACK_CLOSE_CODE",
    "multipart": "content_disposition_filename parse_content_disposition",
    "payload": "Order JsonPayload BytesPayload StringPayload AsyncIterablePayload TOO_LARGE_BYTES_BODY",
    "pytest_plugin": "AiohttpClient aiohttp_client aiohttp_server aiohttp_raw_server aiohttp_unused_port loop",
    "streams": "StreamReader EMPTY_PAYLOAD DataQueue FlowControlDataQueue EofStream",
    "typedefs": "Handler Middleware LooseHeaders LooseCookies RawHeaders StrOrURL",
    "web_app": "Application",
    "web_exceptions": "HTTPException HTTPNotFound HTTPFound",
    "web_middlewares": "middleware normalize_path_middleware",
    "web_request": "Request BaseRequest",
    "web_response": "StreamResponse Response json_response",
    "web_runner": "GracefulExit ServerRunner",
    "web_server": "Server",
    "web_urldispatcher": "StaticResource UrlMappingMatchInfo UrlDispatcher AbstractResource AbstractRoute"
    " DynamicResource PlainResource Resource ResourceRoute SystemRoute View MatchInfoError",
    "web_protocol": "RequestHandler RequestPayloadError _RequestHandler",
}
MODULES = [
    "abc",
    "base_protocol",
    "client",
    "client_exceptions",
    "client_middleware_digest_auth",
    "client_middlewares",
    "client_proto",
    "client_reqrep",
    "client_ws",
    "compression_utils",
    "connector",
    "cookiejar",
    "formdata",
    "hdrs",
    "helpers",
    "http",
    "http_exceptions",
    "http_parser",
    "http_websocket",
    "http_writer",
    "log",
    "multipart",
    "payload",
    "payload_streamer",
    "pytest_plugin",
    "resolver",
    "streams",
    "tcp_helpers",
    "test_utils",
    "tracing",
    "typedefs",
    "web",
    "web_app",
    "web_exceptions",
    "web_fileresponse",
    "web_log",
    "web_middlewares",
    "web_protocol",
    "web_request",
    "web_response",
    "web_routedef",
    "web_runner",
    "web_server",
    "web_urldispatcher",
    "web_ws",
]
NEEDS_GUNICORN = {"worker"}
OURS = {"pytest"}
"""Modules of compat/ that aiohttp does not have."""


@pytest.mark.parametrize(("module", "name"), [(m, name) for m, names in NAMES.items() for name in names.split()])
def test_name(module: str, name: str) -> None:
    """Each name that others import from a module of aiohttp can be imported from ours."""
    assert getattr(importlib.import_module(f"aiohttp_core.{module}"), name) is not None


@pytest.mark.parametrize("module", MODULES)
def test_module(module: str) -> None:
    """Each module of aiohttp 3.14 imports under our name, and what it lists in __all__ is there."""
    loaded = importlib.import_module(f"aiohttp_core.{module}")
    assert loaded.__name__ == f"aiohttp_core.{module}"
    missing = [name for name in getattr(loaded, "__all__", ()) if not hasattr(loaded, name)]
    assert not missing


def test_type_checkers_see_each_module() -> None:
    """Each module of compat/ has the stub by which type checkers find it, and no stub is left over."""
    package = Path(aiohttp_core.__file__).parent
    modules = {info.name for info in pkgutil.iter_modules([str(package / "compat")]) if not info.name.startswith("_")}
    assert {path.stem for path in package.glob("*.pyi")} == modules - OURS
    assert modules - OURS - NEEDS_GUNICORN <= set(MODULES)
    for path in package.glob("*.pyi"):
        assert f"from aiohttp_core.compat.{path.stem} import *" in path.read_text(encoding="utf-8")


def test_workers_without_gunicorn() -> None:
    """Without Gunicorn its workers are None, as in aiohttp, and their module is an ImportError that names it."""
    program = (
        "import sys; sys.modules['gunicorn'] = None\n"
        "import aiohttp_core\n"
        "assert aiohttp_core.GunicornWebWorker is aiohttp_core.GunicornUVLoopWebWorker is None\n"
        "try:\n    import aiohttp_core.worker\n"
        "except ImportError as exc:\n    assert 'gunicorn' in str(exc)\nelse:\n    raise SystemExit('imported')\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_workers_with_gunicorn() -> None:
    """With Gunicorn its workers are classes, under both names."""
    pytest.importorskip("gunicorn", reason="Gunicorn is in the environment of `make downstream`")
    from aiohttp_core import worker

    assert aiohttp_core.GunicornWebWorker is worker.GunicornWebWorker
    assert issubclass(aiohttp_core.GunicornUVLoopWebWorker, worker.GunicornWebWorker)


def test_one_class_whatever_the_module() -> None:
    """A class found in two modules is one class."""
    from aiohttp_core import client, client_reqrep, helpers, web, web_request

    assert client.ClientResponse is client_reqrep.ClientResponse is aiohttp_core.ClientResponse
    assert web.Request is web_request.Request
    assert helpers.BasicAuth is aiohttp_core.BasicAuth


def test_what_is_not_offered() -> None:
    """A name that aiohttp has and we do not is an error of the usual kind."""
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        aiohttp_core.nonsense  # noqa: B018
    with pytest.raises(ImportError, match="nonsense"):
        from aiohttp_core import nonsense  # noqa: F401
    with pytest.raises(ModuleNotFoundError, match="_http_parser"):
        importlib.import_module("aiohttp_core._http_parser")


@pytest.mark.parametrize("name", ["client_exceptions", "client_reqrep", "helpers", "typedefs"])
def test_modules_are_attributes(name: str) -> None:
    """After `import aiohttp_core` alone its modules are attributes, as aiohttp's are after `import aiohttp`."""
    program = f"import aiohttp_core; assert aiohttp_core.{name}.__name__ == 'aiohttp_core.{name}'"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
