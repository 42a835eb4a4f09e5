"""All benchmarks by one door: ``python benchmarks [SUITE ...] [--quick] [--only TEXT] [--save NAME]``.

``compare OLD NEW`` compares two result files instead, ``charts NAME`` draws the charts of one.
"""

from __future__ import annotations

import argparse
import contextlib
import pathlib
import sys
import tempfile

import loops
import rounds
from end_to_end import clients, servers, websockets
from in_process import suite as in_process
from processes import PeerError
from report import results, table

RESULTS = pathlib.Path(__file__).resolve().parent / "results"
SUITES = {
    "in-process": lambda stack, options: in_process.cases(stack, options.loops, counted=False, quick=options.quick),
    "server": lambda stack, options: servers.cases(stack, options.loops, options.quick, folder(stack)),
    "client": lambda stack, options: clients.cases(stack, options.loops, options.quick),
    "websocket": lambda stack, options: websockets.cases(stack, options.loops, options.quick, folder(stack)),
    "instructions": lambda stack, options: in_process.cases(stack, options.loops, counted=True, quick=options.quick),
}


def folder(stack: contextlib.ExitStack) -> pathlib.Path:
    """A temporary one."""
    return pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="short rounds: a feel, not a measurement")
    parser.add_argument("--only", action="append", help="scenarios whose suite and name contain this; may be repeated")
    parser.add_argument("--loop", action="append", dest="loops", choices=loops.LOOPS)
    parser.add_argument("--peer", action="append", dest="peers", help="only this peer; may be repeated")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--save", metavar="NAME", help="write benchmarks/results/NAME.json")
    options = parser.parse_args()
    unknown = set(options.suites) - set(SUITES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    options.loops = options.loops or (["asyncio"] if options.quick else list(loops.LOOPS))
    result = results.Result(facts=results.machine_facts())
    for suite in options.suites or SUITES:
        measure(suite, options, result)
    print(table.text(result))
    if options.save:
        RESULTS.mkdir(exist_ok=True)
        result.save(RESULTS / f"{options.save}.json")
    return 0


def measure(suite: str, options: argparse.Namespace, result: results.Result) -> None:
    """One suite's rows into ``result``."""
    count = options.rounds or (1 if suite == "instructions" else 3 if options.quick else 7)
    with contextlib.ExitStack() as stack:
        try:
            cases = SUITES[suite](stack, options)
        except PeerError as error:
            result.skipped.append(rounds.Skipped(suite, "", "", str(error)))
            return
        cases = [rounds.chosen(case, options.only, options.peers) for case in cases]
        cases = [case for case in cases if case.peers]
        bar = rounds.Bar(sum(case.seconds * len(case.peers) for case in cases) * count)
        rows, skipped = rounds.run(cases, count, bar)
        result.rows += rows
        result.skipped += skipped


if __name__ == "__main__":
    sys.exit(main())
