"""Random mutations into both HTTP/1 parsers and both WebSocket readers: they must agree, and raise wire errors only.

    python tests/fuzz/fuzz_parser.py [--seconds 60] [--seed N] [--only http|websocket]

Prints the seed; the same seed gives the same mutants. Exits with 1 and a wire made as short as it easily gets
where the twins or the feedings differ, or anything else is raised.
"""

import argparse
import dataclasses
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from vectors.websocket_frames import VECTORS as FRAME_VECTORS
from vectors.websocket_frames import Vector as FrameVector
from wire.http1 import mutations
from wire.http1.twins import PARSERS, cut
from wire.websocket.twins import READERS, outcome, reader_for

FRAMES = [vector for vector in FRAME_VECTORS if len(vector.wire) <= 2000]
Check = Callable[[bytes], str]


def http_case(source: random.Random) -> tuple[bytes, Check, str]:
    """A mutant and how to check it, for any shortened wire too."""
    case = mutations.mutate(source, mutations.seed(source))
    cuts_seed = source.random()

    def check(wire: bytes) -> str:
        return mutations.difference(dataclasses.replace(case, wire=wire), random.Random(cuts_seed))

    return case.wire, check, f"HTTP/1, expects {case.expects}, handover {case.handover}, {case.limits}"


def frame_case(source: random.Random) -> tuple[bytes, Check, str]:
    vector = source.choice(FRAMES)
    wire = bytearray(vector.wire + source.choice(FRAMES).wire)
    for _ in range(source.randrange(1, 4)):
        at = source.randrange(len(wire) + 1)
        match source.randrange(4):
            case 0:
                wire[at : at + 1] = bytes([source.randrange(256)])
            case 1:
                del wire[at : at + source.randrange(1, 5)]
            case 2:
                wire[at:at] = source.choice(FRAMES).wire[:200]
            case _:
                wire[at:at] = source.randbytes(source.randrange(1, 4))
    cuts_seed = source.random()

    def check(shortened: bytes) -> str:
        return frame_difference(vector, shortened, random.Random(cuts_seed))

    return bytes(wire), check, f"WebSocket, {vector}"


def frame_difference(vector: FrameVector, wire: bytes, source: random.Random) -> str:
    cuts = [source.randrange(len(wire) + 1) for _ in range(3)]
    reference = None
    for twin in READERS:
        for reads in ([wire], [wire[at : at + 1] for at in range(len(wire))], cut(wire, cuts)):
            found = outcome(reader_for(twin, vector), reads)
            if reference is None:
                reference = found
            elif found != reference:
                return f"{reference}\n{twin}, {len(reads)} reads: {found}"
    return ""


def fault(check: Check, wire: bytes) -> str:
    """What is wrong over ``wire``: a difference, or an exception that is no wire error."""
    try:
        return check(wire)
    except Exception as exc:  # noqa: BLE001 - whatever is raised here is a finding
        return f"{type(exc).__name__}: {exc}"


def shorten(check: Check, wire: bytes) -> bytes:
    """Cut pieces out of ``wire`` as long as something stays wrong with it."""
    size = max(1, len(wire) // 2)
    while True:
        at = 0
        while at < len(wire):
            shorter = wire[:at] + wire[at + size :]
            if fault(check, shorter):
                wire = shorter
            else:
                at += size
        if size == 1:
            return wire
        size //= 2


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60.0)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--only", choices=("http", "websocket"), default=None)
    options = arguments.parse_args()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    print(f"seed {seed}; twins: {', '.join(PARSERS)}", flush=True)
    source = random.Random(seed)
    stop = time.monotonic() + options.seconds
    count = 0
    while time.monotonic() < stop:
        websocket = options.only == "websocket" or (options.only is None and source.random() < 0.25)
        wire, check, title = (frame_case if websocket else http_case)(source)
        count += 1
        if fault(check, wire):
            short = shorten(check, wire)
            print(f"mutant {count} of seed {seed}: {title}\nwire: {short!r}\n{fault(check, short)}")
            return 1
    print(f"{count} mutants, no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
