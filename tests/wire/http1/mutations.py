"""Mutants of the vectors, made from a random source: what the differential test and the fuzzer feed."""

import random
from dataclasses import dataclass

from vectors import (
    http1_chunked,
    http1_connections,
    http1_fields,
    http1_framing,
    http1_limits,
    http1_security,
    http1_start_lines,
)
from vectors.http1_vector import Vector
from wire.http1.twins import PARSERS, Outcome, cut, run

from aiohttp_core._wire.http1.rules import DEFAULT_LIMITS, Limits

# Each part of the protocol as often as the next, however many vectors it has.
PARTS_OF_SEEDS: tuple[tuple[Vector, ...], ...] = tuple(
    tuple(vector for vector in vectors if 0 < len(vector.wire) <= 600)
    for vectors in (
        *(2 * (http1_chunked.VECTORS, http1_connections.VECTORS)),
        http1_framing.VECTORS,
        http1_fields.VECTORS,
        http1_limits.VECTORS,
        http1_security.SECURITY,
        http1_start_lines.VECTORS,
    )
)
SEEDS = tuple(vector for vectors in PARTS_OF_SEEDS for vector in vectors)
PARTS = (
    b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"0", b"5", b"f", b";", b'"', b"\\", b"a=b", b"\x00", b"\x7f", b"\x80",
    b"\xff", b",", b"/", b"*",
    b"5\r\nhello\r\n", b"0\r\n\r\n", b"\r\n\r\n", b"\r\n ", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Host: a\r\n",
    b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Connection: upgrade\r\nUpgrade: x\r\n",
    b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0", b"HTTP/1.1", b"CONNECT a:1 HTTP/1.1\r\n", b"chunked", b"gzip, ", b"close", b"keep-alive",
    b"X: " + b"y" * 30 + b"\r\n", b"http://a",
    "\u212a".encode(), "\u0661".encode(),
)  # fmt: skip
LIMITS = (DEFAULT_LIMITS, Limits(30, 24, 3), Limits(60, 40, 4), Limits(40, 30, 128), Limits(1, 1, 1), Limits(0, 0, 0))


@dataclass(frozen=True)
class Case:
    """One connection to run on every twin: its reads must not matter."""

    wire: bytes
    expects: tuple[str, ...]
    handover: bool
    limits: Limits


def seed(source: random.Random) -> Vector:
    return source.choice(source.choice(PARTS_OF_SEEDS))


def mutate(source: random.Random, vector: Vector) -> Case:
    wire = bytearray(vector.wire)
    for _ in range(source.choice((1, 1, 2, 3, 5))):
        # Mostly behind the start line, where most is to be got wrong.
        behind = source.choice((b"\n", b"\n", b"\r\n\r\n", b"\r\n\r\n", b""))
        start = wire.find(behind) + len(behind) if behind in wire else 0
        at = source.randrange(start, len(wire) + 1)
        match source.randrange(7):
            case 0 | 1:
                wire[at:at] = source.choice(PARTS)
            case 2:
                del wire[at : at + source.randrange(1, 5)]
            case 3:
                wire[at : at + 1] = bytes([source.randrange(256)])
            case 4:
                other = source.randrange(len(wire) + 1)
                wire[at:at] = wire[other : other + source.randrange(1, 30)]
            case 5:
                wire[at:at] = bytes([source.randrange(256)])
            case _:
                spliced = seed(source).wire
                wire[at:] = spliced[source.randrange(len(spliced)) :]
    expects = vector.expects
    if expects and source.random() < 0.2:
        expects = tuple(source.choice(("GET", "HEAD", "CONNECT", "POST")) for _ in range(3))
    limits = vector.limits if source.random() < 0.8 else source.choice(LIMITS)
    return Case(bytes(wire), expects, vector.handover, limits)


def difference(case: Case, source: random.Random) -> str:
    """How the twins or the feedings differ over ``case``; empty where all agree."""
    wire = case.wire
    cuts = [source.randrange(len(wire) + 1) for _ in range(source.randrange(1, 5))]
    feedings = {
        "whole": ([wire], False),
        "octet by octet": ([wire[at : at + 1] for at in range(len(wire))], False),
        f"cut at {sorted(cuts)}": (cut(wire, cuts), False),
        f"cut at {sorted(cuts)}, taken at the end": (cut(wire, cuts), True),
    }
    reference: Outcome | None = None
    for twin in PARSERS:
        for feeding, (reads, queued) in feedings.items():
            outcome = run(twin, reads, case.expects, case.handover, case.limits, queued)
            if reference is None:
                reference = outcome
            elif outcome != reference:
                return f"{next(iter(PARSERS))}, whole:\n  {reference}\n{twin}, {feeding}:\n  {outcome}"
    return ""
