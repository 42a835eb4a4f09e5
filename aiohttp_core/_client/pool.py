"""The pool's plans: who may use a connection, which idle one, who waits for whom. No I/O, no clock of its own.

A *slot* is the right to have one connection in use. ``acquire`` gives a slot at once or a ``Ticket`` to wait with;
whoever holds a slot takes an idle connection or opens one, and gives the slot back by ``release``. Idle connections
hold no slot.

Waiting is first come, first served: tickets that only the total limit keeps back stand in one line; those that their
host's limit keeps back stand in their host's line, and move to the end of the first when a slot of the host comes
free (it is reserved for them from then on). Every step is O(1).

Keys are anything hashable; of a connection the pool asks ``is_connected()``, whether it can carry another exchange.

Also compiled from this source, with the types of ``_cparser/types``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from aiohttp_core._wire import _accel


class TicketState(Enum):
    """WAITING -> GRANTED (owns a slot) or LEFT."""

    WAITING = "waiting"
    GRANTED = "granted"
    LEFT = "left"


class Ticket:
    """A place in a line; ``wake`` is called once, when the slot is granted."""

    __slots__ = ("key", "reserved", "state", "wake")

    def __init__(self, key: Any, wake: Callable[[], None]) -> None:
        self.key = key
        self.wake = wake
        self.state = TicketState.WAITING
        self.reserved = False

    def __repr__(self) -> str:
        return f"<Ticket {self.key!r} {self.state.value}>"


class Pool:
    """Slots, idle connections and waiting tickets; ``limit`` and ``limit_per_host`` of 0 are no limit."""

    def __init__(self, limit: int, limit_per_host: int) -> None:
        self.limit = limit
        self.limit_per_host = limit_per_host
        self.idle: dict[Any, deque[tuple[Any, float]]] = {}
        self.used = 0
        self._used_of: dict[Any, int] = {}
        self._line: dict[Ticket, None] = {}
        self._host_lines: dict[Any, dict[Ticket, None]] = {}

    def __repr__(self) -> str:
        idle = sum(map(len, self.idle.values()))
        return f"<Pool used={self.used} idle={idle} waiting={self.waiting} limit={self.limit or None}>"

    @property
    def waiting(self) -> int:
        return len(self._line) + sum(map(len, self._host_lines.values()))

    def available(self, key: Any) -> int:
        """Slots that could be given for ``key`` now; 1 where nothing limits, negative where limits were lowered."""
        free = self.limit - self.used if self.limit else 1
        if self.limit_per_host and free > 0:
            free = min(free, self.limit_per_host - self._used_of.get(key, 0))
        return free

    # Slots

    def try_acquire(self, key: Any) -> bool:
        """Take a slot if one is free and nobody waits for it."""
        if self.limit and (self.used >= self.limit or self._line):
            return False
        if self.limit_per_host:
            of_host = self._used_of.get(key, 0)
            if of_host >= self.limit_per_host or key in self._host_lines:
                return False
            self._used_of[key] = of_host + 1
        self.used += 1
        return True

    def queue(self, key: Any, wake: Callable[[], None]) -> Ticket:
        """Stand in line for a slot; call it only after ``try_acquire`` said no."""
        ticket = Ticket(key, wake)
        if self.limit_per_host:
            if self._used_of.get(key, 0) >= self.limit_per_host or key in self._host_lines:
                self._host_lines.setdefault(key, {})[ticket] = None
                return ticket
            self._reserve(ticket)
        self._line[ticket] = None
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give up waiting; a slot granted meanwhile goes to the next."""
        state, ticket.state = ticket.state, TicketState.LEFT
        if state is TicketState.GRANTED:
            self.release(ticket.key)
        elif state is TicketState.WAITING:
            line = self._host_lines.get(ticket.key)
            if line is not None and ticket in line:
                del line[ticket]
                if not line:
                    del self._host_lines[ticket.key]
                return
            self._line.pop(ticket, None)
            if ticket.reserved:
                self._free_host(ticket.key)
            self._grant()

    def release(self, key: Any) -> None:
        """Give a slot back; the first in line gets it."""
        self.used -= 1
        if self.limit_per_host:
            self._free_host(key)
        if self._line:
            self._grant()

    def abandon(self) -> list[Ticket]:
        """Empty all lines and return who stood there."""
        left = [*self._line, *(ticket for line in self._host_lines.values() for ticket in line)]
        for ticket in left:
            ticket.state = TicketState.LEFT
            if ticket.reserved:
                self._free_host(ticket.key, grant=False)
        self._line.clear()
        self._host_lines.clear()
        return left

    def _reserve(self, ticket: Ticket) -> None:
        ticket.reserved = True
        self._used_of[ticket.key] = self._used_of.get(ticket.key, 0) + 1

    def _free_host(self, key: Any, grant: bool = True) -> None:
        of_host = self._used_of[key] - 1
        if of_host:
            self._used_of[key] = of_host
        else:
            del self._used_of[key]
        line = self._host_lines.get(key)
        if not grant or line is None or of_host >= self.limit_per_host:
            return
        ticket = next(iter(line))
        del line[ticket]
        if not line:
            del self._host_lines[key]
        self._reserve(ticket)
        self._line[ticket] = None

    def _grant(self) -> None:
        while self._line and (not self.limit or self.used < self.limit):
            ticket = next(iter(self._line))
            del self._line[ticket]
            self.used += 1
            ticket.state = TicketState.GRANTED
            ticket.wake()

    # Idle connections

    def take(self, key: Any, oldest: float) -> Any:
        """A slot with the connection used last, where there are both and the connection is not idle since before
        ``oldest``; nothing changes where not."""
        waiting = self.idle.get(key)
        if not waiting or self._line or (self.limit and self.used >= self.limit):
            return None
        connection, since = waiting[-1]
        if since < oldest or not connection.is_connected() or (self.limit_per_host and not self.try_acquire(key)):
            return None
        # Where it was the only one, its place stays for when it comes back.
        waiting.pop()
        if not self.limit_per_host:
            self.used += 1
        return connection

    def give_back(self, key: Any, connection: Any, now: float) -> None:
        """The slot and its connection, which is idle now."""
        waiting = self.idle.get(key)
        if waiting is None:
            self.idle[key] = deque(((connection, now),))
        else:
            waiting.append((connection, now))
        self.used -= 1
        if self.limit_per_host:
            self._free_host(key)
        if self._line:
            self._grant()

    def forget(self, key: Any) -> None:
        """A connection of ``key`` does not come back: keep no place that nobody fills."""
        if key in self.idle and not self.idle[key]:
            del self.idle[key]

    def expire(self, oldest: float) -> Iterator[Any]:
        """Remove and yield what is idle since before ``oldest`` or has gone meanwhile."""
        for key in list(self.idle):
            waiting = self.idle[key]
            kept = deque((c, since) for c, since in waiting if since >= oldest and c.is_connected())
            if kept and len(kept) == len(waiting):
                continue
            gone = [c for c, since in waiting if since < oldest or not c.is_connected()]
            if kept:
                self.idle[key] = kept
            else:
                del self.idle[key]
            yield from gone


_accel.use_compiled(globals(), "pool")
