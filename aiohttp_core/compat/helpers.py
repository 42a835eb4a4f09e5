"""``aiohttp.helpers``: what other libraries use of it."""

import os
from typing import Final

from propcache.api import under_cached_property as reify

from aiohttp_core._body.payload import guess_filename
from aiohttp_core._client.deadlines import BaseTimerContext, TimerContext, TimerNoop
from aiohttp_core._client.environment import (
    basicauth_from_netrc,
    get_env_proxy_for_url,
    netrc_from_env,
    proxies_from_env,
    strip_auth_from_url,
)
from aiohttp_core._net.dialling import is_ip_address
from aiohttp_core._net.timeouts import Timeout as ceil_timeout
from aiohttp_core._semantics.basic_auth import BasicAuth, encode_basic_auth
from aiohttp_core._semantics.chain_map import ChainMapProxy
from aiohttp_core._semantics.content_disposition import content_disposition_header, quoted_string
from aiohttp_core._semantics.dates import parse_http_date, rfc822_formatted_time
from aiohttp_core._semantics.deprecations import DEBUG
from aiohttp_core._semantics.etags import ETAG_ANY, ETag, validate_etag_value
from aiohttp_core._semantics.media_types import MimeType, parse_content_type, parse_mimetype
from aiohttp_core._semantics.sentinel import _SENTINEL as _SENTINEL
from aiohttp_core._semantics.sentinel import sentinel
from aiohttp_core._semantics.statuses import (
    EMPTY_BODY_METHODS,
    EMPTY_BODY_STATUS_CODES,
    must_be_empty_body,
    should_remove_content_length,
)
from aiohttp_core._server.keys import AppKey, RequestKey, ResponseKey
from aiohttp_core.compat._shims.content_fields import HeadersMixin
from aiohttp_core.compat._shims.futures import (
    TimeoutHandle,
    calculate_timeout_when,
    call_later,
    get_running_loop,
    noop,
    set_exception,
    set_result,
)
from aiohttp_core.compat.log import client_logger

NO_EXTENSIONS: Final = bool(os.environ.get("AIOHTTP_NO_EXTENSIONS"))
CHAR: Final = frozenset(map(chr, range(128)))
CTL: Final = frozenset(map(chr, (*range(32), 127)))
SEPARATORS: Final = frozenset('()<>@,;:\\"/[]?={} \t')
TOKEN: Final = CHAR ^ CTL ^ SEPARATORS
DEFAULT_CHUNK_SIZE: Final = 2**18

__all__ = (
    "CHAR",
    "CTL",
    "DEBUG",
    "DEFAULT_CHUNK_SIZE",
    "EMPTY_BODY_METHODS",
    "EMPTY_BODY_STATUS_CODES",
    "ETAG_ANY",
    "NO_EXTENSIONS",
    "SEPARATORS",
    "TOKEN",
    "AppKey",
    "BaseTimerContext",
    "BasicAuth",
    "ChainMapProxy",
    "ETag",
    "HeadersMixin",
    "MimeType",
    "RequestKey",
    "ResponseKey",
    "TimeoutHandle",
    "TimerContext",
    "TimerNoop",
    "basicauth_from_netrc",
    "calculate_timeout_when",
    "call_later",
    "ceil_timeout",
    "client_logger",
    "content_disposition_header",
    "encode_basic_auth",
    "get_env_proxy_for_url",
    "get_running_loop",
    "guess_filename",
    "is_ip_address",
    "must_be_empty_body",
    "netrc_from_env",
    "noop",
    "parse_content_type",
    "parse_http_date",
    "parse_mimetype",
    "proxies_from_env",
    "quoted_string",
    "reify",
    "rfc822_formatted_time",
    "sentinel",
    "set_exception",
    "set_result",
    "should_remove_content_length",
    "strip_auth_from_url",
    "validate_etag_value",
)
