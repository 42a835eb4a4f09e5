"""The client for pycurl: libcurl's multi interface on asyncio's loop by its socket and timer callbacks."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pycurl
from asking.questions import PIECE, PIECES, Client


class PycurlClient(Client):
    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._on_socket)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._on_timer)
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: dict[Any, asyncio.Future[None]] = {}
        self._idle: list[Any] = []

    async def get(self, path: str) -> bytes:
        return await self._exchange(path, lambda handle: handle.setopt(pycurl.HTTPGET, 1))

    async def post_json(self, path: str, document: Any) -> bytes:
        def prepare(handle: Any) -> None:
            handle.setopt(pycurl.HTTPHEADER, ["Content-Type: application/json"])
            handle.setopt(pycurl.POSTFIELDS, json.dumps(document))

        return await self._exchange(path, prepare)

    async def download(self, path: str) -> int:
        size = 0

        def write(data: bytes) -> None:
            nonlocal size
            size += len(data)

        await self._exchange(path, lambda handle: handle.setopt(pycurl.HTTPGET, 1), write)
        return size

    async def upload(self, path: str) -> bytes:
        pieces = [PIECE] * PIECES
        rest = b""

        def read(size: int) -> bytes:
            nonlocal rest
            if not rest and pieces:
                rest = pieces.pop()
            given, rest = rest[:size], rest[size:]
            return given

        def prepare(handle: Any) -> None:
            handle.setopt(pycurl.POST, 1)
            handle.setopt(pycurl.POSTFIELDSIZE_LARGE, len(PIECE) * PIECES)
            handle.setopt(pycurl.HTTPHEADER, ["Expect:"])
            handle.setopt(pycurl.READFUNCTION, read)

        return await self._exchange(path, prepare)

    async def _exchange(self, path: str, prepare: Any, write: Any = None) -> bytes:
        handle = self._idle.pop() if self._idle else pycurl.Curl()
        handle.reset()
        handle.setopt(pycurl.URL, self.url + path)
        handle.setopt(pycurl.COOKIEFILE, "" if self.cookies else None) if self.cookies else None
        body = io.BytesIO()
        handle.setopt(pycurl.WRITEFUNCTION, write or body.write)
        prepare(handle)
        done = self._waiting[handle] = self._loop.create_future()
        self._multi.add_handle(handle)
        await done
        self._idle.append(handle)
        return body.getvalue()

    def _on_socket(self, what: int, descriptor: int, multi: Any, data: Any) -> None:
        self._loop.remove_reader(descriptor)
        self._loop.remove_writer(descriptor)
        if what in (pycurl.POLL_IN, pycurl.POLL_INOUT):
            self._loop.add_reader(descriptor, self._act, descriptor, pycurl.CSELECT_IN)
        if what in (pycurl.POLL_OUT, pycurl.POLL_INOUT):
            self._loop.add_writer(descriptor, self._act, descriptor, pycurl.CSELECT_OUT)

    def _on_timer(self, milliseconds: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if milliseconds >= 0:
            self._timer = self._loop.call_later(milliseconds / 1000, self._act, pycurl.SOCKET_TIMEOUT, 0)

    def _act(self, descriptor: int, events: int) -> None:
        self._multi.socket_action(descriptor, events)
        _, finished, failed = self._multi.info_read()
        for handle in finished:
            self._multi.remove_handle(handle)
            self._waiting.pop(handle).set_result(None)
        for handle, code, message in failed:
            self._multi.remove_handle(handle)
            self._waiting.pop(handle).set_exception(OSError(f"curl {code}: {message}"))
