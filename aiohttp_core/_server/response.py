"""Responses whose body is there at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Final, cast

from multidict import CIMultiDict

from .._body.payload import Payload
from .._body.registry import PAYLOAD_REGISTRY
from .._body.registry import LookupError as NoPayload
from .._connection.stream_writer import AbstractStreamWriter, StreamWriter
from .._semantics import field_names as hdrs
from .._semantics.arguments import LooseHeaders
from .._semantics.compression import compressor_for
from .._semantics.content_codings import ContentCoding, select_coding
from .._semantics.dates import rfc822_formatted_time
from .._semantics.media_types import parse_content_type
from .._semantics.sentinel import sentinel
from .._semantics.statuses import EMPTY_BODY_STATUS_CODES
from .._wire.http1.serializer import serialize_whole_response
from .response_fields import format_response_cookie
from .stream_response import RESET_CONTENT, StreamResponse

if TYPE_CHECKING:
    from .request import BaseRequest


_DEFAULT_CONTENT_TYPE: Final = "application/octet-stream"
_TEXT: Final = "text/plain; charset=utf-8"
_CONTENT_TYPE: Final = hdrs.CONTENT_TYPE
_CONTENT_LENGTH: Final = hdrs.CONTENT_LENGTH
_SET_COOKIE: Final = hdrs.SET_COOKIE


_PLAIN_TEXT: Final = CIMultiDict([(_CONTENT_TYPE, _TEXT)])


AT_ONCE_LIMIT: Final = 65536
"""Octets of a body up to which it is copied behind its head."""
ZLIB_EXECUTOR_SIZE: Final = 4096
EMPTY_BODY_STATUSES: Final = EMPTY_BODY_STATUS_CODES | {RESET_CONTENT}


class Response(StreamResponse):
    """A response whose body is there at once: text, octets, or anything that a payload is registered for.

    ``zlib_executor_size``: octets above which a body is compressed in a thread, by ``zlib_executor`` where given.
    """

    _compressed_body: bytes | None = None
    _send_headers_immediately = False
    _body: bytes | bytearray | Payload | None = None
    _zlib_executor_size = ZLIB_EXECUTOR_SIZE
    _zlib_executor: Executor | None = None

    def __init__(
        self,
        *,
        body: Any = None,
        status: int = 200,
        reason: str | None = None,
        text: str | None = None,
        headers: LooseHeaders | None = None,
        content_type: str | None = None,
        charset: str | None = None,
        zlib_executor_size: int = ZLIB_EXECUTOR_SIZE,
        zlib_executor: Executor | None = None,
    ) -> None:
        self._state = {}
        self._plain = True
        self._keep_alive = None
        if zlib_executor_size != ZLIB_EXECUTOR_SIZE:
            self._zlib_executor_size = zlib_executor_size
        if zlib_executor is not None:
            self._zlib_executor = zlib_executor
        if status == 200 and reason is None:
            self._status = 200
            self._reason = "OK"
        else:
            self._set_status(status, reason)
        if type(text) is str and body is None and headers is None and content_type is None and charset is None:
            self._headers = CIMultiDict(_PLAIN_TEXT)
            self._body = text.encode("utf-8")
            return
        if body is not None and text is not None:
            raise ValueError("body and text are not allowed together")
        fields: CIMultiDict[str] = CIMultiDict() if headers is None else CIMultiDict(headers)
        if content_type is not None and "charset" in content_type:
            raise ValueError("charset must not be in content_type argument")
        if text is not None:
            body = _encode_text(text, fields, content_type, charset)
        elif content_type is not None or charset is not None:
            if _CONTENT_TYPE in fields:
                raise ValueError("passing both Content-Type header and content_type or charset params is forbidden")
            if content_type is not None:
                fields[_CONTENT_TYPE] = content_type if charset is None else f"{content_type}; charset={charset}"
        self._headers = fields
        if type(body) is bytes:
            self._body = body
        elif body is not None:
            self.body = body

    @property
    def body(self) -> bytes | bytearray | Payload | None:
        return self._body

    @body.setter
    def body(self, body: Any) -> None:
        self._compressed_body = None
        if body is None or isinstance(body, (bytes, bytearray)):
            self._body = body
            return
        try:
            payload = PAYLOAD_REGISTRY.get(body)
        except NoPayload as exc:
            raise ValueError(f"Unsupported body type {type(body)!r}") from exc
        self._body = payload
        headers = self._headers
        if _CONTENT_TYPE not in headers:
            headers[_CONTENT_TYPE] = payload.content_type
        for name, value in payload.headers.items():
            if name not in headers:
                headers.add(name, value)

    @property
    def text(self) -> str | None:
        body = self._body
        if body is None:
            return None
        return body.decode(self.charset or "utf-8")

    @text.setter
    def text(self, text: str | None) -> None:
        if text is not None and not isinstance(text, str):
            raise TypeError(f"text argument must be str or None ({type(text)!r})")
        self._compressed_body = None
        if text is None:
            self._body = None
            return
        if _CONTENT_TYPE not in self._headers:
            self._headers[_CONTENT_TYPE] = _TEXT
            self._body = text.encode("utf-8")
            return
        if self.content_type == _DEFAULT_CONTENT_TYPE:
            self.content_type = "text/plain"
        if self.charset is None:
            self.charset = "utf-8"
        self._body = text.encode(self.charset or "utf-8")

    @property
    def content_length(self) -> int | None:
        if self._chunked:
            return None
        raw = self._headers.get(_CONTENT_LENGTH)
        if raw is not None:
            return int(raw)
        if self._compressed_body is not None:
            return len(self._compressed_body)
        body = self._body
        if body is None:
            return 0
        if type(body) is not bytes and isinstance(body, Payload):
            return None
        return len(body)

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        raise RuntimeError("Content length is set automatically")

    def whole_message(self) -> bytes | None:
        """``prepare`` and ``write_eof`` in one step, for the plainest of responses: the octets that are to leave; None
        where this is not one.

        For a request in HTTP/1.1 that wants the content, at which nobody looks, and behind which the connection goes
        on. The octets are those that the long way would write, but for the order of fields.
        """
        body = self._body
        if (
            not self._plain
            or self._keep_alive is not None
            or type(body) is not bytes
            or len(body) > AT_ONCE_LIMIT
            or self._status in EMPTY_BODY_STATUSES
        ):
            return None
        headers = self._headers
        if self._cookies:
            if _CONTENT_LENGTH in headers or hdrs.TRANSFER_ENCODING in headers or hdrs.CONNECTION in headers:
                return None
            for morsel in self._cookies.values():
                headers.add(_SET_COOKIE, format_response_cookie(morsel))
        message = serialize_whole_response(self._status, self._reason, headers, body, rfc822_formatted_time())
        if message is not None:
            self._plain = False
            self._keep_alive = True
            self._eof_sent = True
            self._body_length = len(message)
        return message

    async def _start(self, request: BaseRequest) -> AbstractStreamWriter:
        headers = self._headers
        if self._compression and not isinstance(self._body, Payload):
            # Before the fields are completed, since it decides the length.
            await self._compress_body(request)
        if not self._chunked and _CONTENT_LENGTH not in headers:
            body = self._body if self._compressed_body is None else self._compressed_body
            if type(body) is not bytes and isinstance(body, Payload):
                size = None if self._compression else body.size
            else:
                size = 0 if body is None else len(body)
            if size is not None and (size or (self._status != 304 and request._method != "HEAD")):
                headers[_CONTENT_LENGTH] = str(size)
        return await super()._start(request)

    async def _compress_body(self, request: BaseRequest) -> None:
        coding = self._compression_force
        if coding is None:
            accepted = request.headers.get(hdrs.ACCEPT_ENCODING)
            coding = None if accepted is None else select_coding(accepted, ContentCoding)
        body = cast("bytes | bytearray | None", self._body)
        if not body or coding is None or coding is ContentCoding.identity:
            return
        if hdrs.CONTENT_ENCODING in self._headers:
            return
        if self._chunked:
            # Framed in chunks and coded by the writer.
            return
        name, strategy = coding.value, self._compression_strategy
        if len(body) > self._zlib_executor_size:
            loop = asyncio.get_running_loop()
            self._compressed_body = await loop.run_in_executor(
                self._zlib_executor, _compress, name, strategy, bytes(body)
            )
        else:
            self._compressed_body = _compress(name, strategy, bytes(body))
        self._content_coding = name

    async def _start_compression(self, request: BaseRequest) -> None:
        if self._compressed_body is not None:
            self._headers[hdrs.CONTENT_ENCODING] = self._content_coding
        elif isinstance(self._body, Payload) or self._chunked:
            await super()._start_compression(request)

    async def close_body(self) -> None:
        """Give back what the body holds, a file for one; also where it was never sent."""
        if isinstance(self._body, Payload):
            await self._body.close()

    async def write_eof(self, data: bytes = b"") -> None:
        if self._eof_sent:
            return
        body = self._body if self._compressed_body is None else self._compressed_body
        writer = self._payload_writer
        if type(body) is not bytes and isinstance(body, Payload):
            try:
                if not self._must_be_empty_body and writer is not None:
                    await body.write_with_length(writer, writer.length)
                await super().write_eof()
            finally:
                await body.close()
        elif body is None or self._must_be_empty_body:
            await super().write_eof()
        elif type(writer) is StreamWriter and writer.length == len(body):
            await writer.write_eof(cast(bytes, body))
            self._eof_sent = True
            self._body_length = writer.output_size
            self._req = None
            self._payload_writer = None
        else:
            await super().write_eof(bytes(body))


def _encode_text(text: str, fields: CIMultiDict[str], content_type: str | None, charset: str | None) -> bytes:
    """The octets of ``text``, and its type in ``fields``."""
    if not isinstance(text, str):
        raise TypeError(f"text argument must be str ({type(text)!r})")
    if content_type is None and charset is None and not fields:
        fields[_CONTENT_TYPE] = _TEXT
        return text.encode("utf-8")
    if _CONTENT_TYPE in fields:
        if content_type or charset:
            raise ValueError("passing both Content-Type header and content_type or charset params is forbidden")
        return text.encode(parse_content_type(fields[_CONTENT_TYPE])[1].get("charset", "utf-8"))
    charset = charset or "utf-8"
    fields[_CONTENT_TYPE] = f"{content_type or 'text/plain'}; charset={charset}"
    return text.encode(charset)


def _compress(coding: str, strategy: int | None, body: bytes) -> bytes:
    machine = compressor_for(coding) if strategy is None else compressor_for(coding, strategy=strategy)
    return machine.compress(body) + machine.flush()


def json_response(
    data: Any = sentinel,
    *,
    text: str | None = None,
    body: bytes | None = None,
    status: int = 200,
    reason: str | None = None,
    headers: LooseHeaders | None = None,
    content_type: str = "application/json",
    dumps: Callable[[Any], str] = json.dumps,
) -> Response:
    """A response with ``data`` as JSON; ValueError where ``text`` or ``body`` is given beside it."""
    if data is not sentinel:
        if text or body:
            raise ValueError("only one of data, text, or body should be specified")
        text = dumps(data)
    return Response(text=text, body=body, status=status, reason=reason, headers=headers, content_type=content_type)


def json_bytes_response(
    data: Any = sentinel,
    *,
    dumps: Callable[[Any], bytes],
    body: bytes | None = None,
    status: int = 200,
    reason: str | None = None,
    headers: LooseHeaders | None = None,
    content_type: str = "application/json",
) -> Response:
    """A response with ``data`` as JSON by an encoder that makes bytes."""
    if data is not sentinel:
        if body:
            raise ValueError("only one of data or body should be specified")
        body = dumps(data)
    return Response(body=body, status=status, reason=reason, headers=headers, content_type=content_type)


__all__ = ("ContentCoding", "Response", "StreamResponse", "json_bytes_response", "json_response")
