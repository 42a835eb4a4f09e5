"""The access log: one line for each response, by a format of ``%`` atoms."""

from __future__ import annotations

import datetime
import functools
import logging
import os
import re
import time as time_mod
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Final

from .exceptions import HTTPException

if TYPE_CHECKING:
    from .request import BaseRequest
    from .response import StreamResponse

_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, line ends, and octets that are no UTF-8, which stand for themselves as surrogates."""


class AbstractAccessLogger(ABC):
    """What an ``access_log_class`` must be."""

    __slots__ = ("log_format", "logger")

    def __init__(self, logger: logging.Logger, log_format: str) -> None:
        self.logger = logger
        self.log_format = log_format

    @abstractmethod
    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        """Log one response; ``time`` is what it took, in seconds."""

    @property
    def enabled(self) -> bool:
        """Whether there is any use in calling ``log``."""
        return True


class AccessLogger(AbstractAccessLogger):
    """The default access logger.

    Atoms: ``%%`` a percent sign, ``%a`` the client's address, ``%t`` when the request began, ``%P`` the process,
    ``%r`` the request line, ``%s`` the status, ``%b`` octets sent with the head, ``%T`` seconds, ``%Tf`` seconds as
    a decimal fraction, ``%D`` microseconds, ``%{NAME}i`` a request field, ``%{NAME}o`` a response field.
    ValueError for a format without atoms it knows. Control characters of the client are escaped.
    """

    LOG_FORMAT_MAP: ClassVar[dict[str, str]] = {
        "a": "remote_address",
        "t": "request_start_time",
        "P": "process_id",
        "r": "first_request_line",
        "s": "response_status",
        "b": "response_size",
        "T": "request_time",
        "Tf": "request_time_frac",
        "D": "request_time_micro",
        "i": "request_header",
        "o": "response_header",
    }
    LOG_FORMAT = '%a %t "%r" %s %b "%{Referer}i" "%{User-Agent}i"'
    FORMAT_RE = re.compile(r"%(\{([A-Za-z0-9\-_]+)\}([ioe])|[atPrsbOD]|Tf?)")
    CLEANUP_RE = re.compile(r"(%[^s])")
    _FORMAT_CACHE: ClassVar[dict[str, tuple[str, list[Any]]]] = {}

    __slots__ = ("_log_format", "_methods")

    def __init__(self, logger: logging.Logger, log_format: str = LOG_FORMAT) -> None:
        super().__init__(logger, log_format)
        compiled = AccessLogger._FORMAT_CACHE.get(log_format)
        if compiled is None:
            compiled = AccessLogger._FORMAT_CACHE[log_format] = self.compile_format(log_format)
        self._log_format, self._methods = compiled

    def compile_format(self, log_format: str) -> tuple[str, list[Any]]:
        """The format with ``%s`` for each atom, and ``(key, function)`` for each of them."""
        methods: list[Any] = []

        def replace(match: re.Match[str]) -> str:
            atom, name, kind = match.group(1), match.group(2), match.group(3)
            if atom == "%":
                return "%%"
            if name is None:
                key: Any = self.LOG_FORMAT_MAP[atom]
                method = getattr(AccessLogger, f"_format_{atom}")
            else:
                key = (self.LOG_FORMAT_MAP[kind], name)
                method = functools.partial(getattr(AccessLogger, f"_format_{kind}"), name)
            methods.append((key, method))
            return "%s"

        text = _ATOM.sub(replace, log_format)
        return text, methods

    @property
    def enabled(self) -> bool:
        return self.logger.isEnabledFor(logging.INFO)

    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        values: list[Any] = []
        extra: dict[str, Any] = {}
        try:
            for key, method in self._methods:
                value = method(request, response, time)
                values.append(value)
                if isinstance(key, str):
                    extra[key] = value
                else:
                    extra.setdefault(key[0], {})[key[1]] = value
            self.logger.info(self._log_format % tuple(values), extra=extra)
        except Exception:
            self.logger.exception("Error in logging")

    @staticmethod
    def _format_i(key: str, request: BaseRequest, response: StreamResponse, time: float) -> str:
        return _escaped(request.headers.get(key, "-"))

    @staticmethod
    def _format_o(key: str, request: BaseRequest, response: StreamResponse, time: float) -> str:
        return _escaped(response.headers.get(key, "-"))

    @staticmethod
    def _format_a(request: BaseRequest, response: StreamResponse, time: float) -> str:
        remote = request.remote
        return remote if remote is not None else "-"

    @staticmethod
    def _format_t(request: BaseRequest, response: StreamResponse, time: float) -> str:
        zone = datetime.timezone(datetime.timedelta(seconds=-time_mod.timezone))
        start = datetime.datetime.now(zone) - datetime.timedelta(seconds=time)
        return start.strftime("[%d/%b/%Y:%H:%M:%S %z]")

    @staticmethod
    def _format_P(request: BaseRequest, response: StreamResponse, time: float) -> str:
        return f"<{os.getpid()}>"

    @staticmethod
    def _format_r(request: BaseRequest, response: StreamResponse, time: float) -> str:
        version = request.version
        try:
            target = request.path_qs
        except HTTPException:
            # It is no URL, which is what the client was told.
            target = request.raw_path
        return _escaped(f"{request.method} {target} HTTP/{version.major}.{version.minor}")

    @staticmethod
    def _format_s(request: BaseRequest, response: StreamResponse, time: float) -> int:
        return response.status

    @staticmethod
    def _format_b(request: BaseRequest, response: StreamResponse, time: float) -> int:
        return response.body_length

    @staticmethod
    def _format_T(request: BaseRequest, response: StreamResponse, time: float) -> str:
        return str(round(time))

    @staticmethod
    def _format_Tf(request: BaseRequest, response: StreamResponse, time: float) -> str:
        return f"{time:06f}"

    @staticmethod
    def _format_D(request: BaseRequest, response: StreamResponse, time: float) -> str:
        return str(round(time * 1000000))


_ATOM: Final = re.compile(r"%(%|\{([A-Za-z0-9\-_]+)\}([io])|[atPrsbD]|Tf?)")


def _escaped(text: str) -> str:
    """``text`` without what could forge a log line or drive a terminal."""
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if 0x2000 <= code < 0xDC00 else f"\\x{code & 0xFF:02x}"


__all__ = ("AbstractAccessLogger", "AccessLogger")
