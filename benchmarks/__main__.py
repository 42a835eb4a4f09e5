"""All benchmarks by one door: ``python benchmarks [SUITE ...] [--quick] [--only TEXT] [--save NAME]``.

``compare OLD NEW`` compares two result files instead, ``table RESULT ...`` prints what was saved, ``page FOLDER RESULT
...`` writes the documentation's pictures and tables.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import sys
import tempfile

import loops
import rounds
import wire_suite
from end_to_end import clients, servers, websockets
from footprint import imports, memory
from in_process import suite as in_process
from processes import PeerError
from report import compare, page, results, table

RESULTS = pathlib.Path(__file__).resolve().parent / "results"
SUITES = {
    "in-process": lambda stack, options: in_process.cases(stack, options.loops, counted=False, quick=options.quick),
    "server": lambda stack, options: servers.cases(stack, options.loops, options.quick, folder(stack)),
    "client": lambda stack, options: clients.cases(stack, options.loops, options.quick),
    "websocket": lambda stack, options: websockets.cases(stack, options.loops, options.quick, folder(stack)),
    "footprint": lambda stack, options: [*imports.cases(folder(stack)), *memory.cases(stack)],
    "instructions": lambda stack, options: [
        *in_process.cases(stack, options.loops, counted=True, quick=options.quick),
        *servers.counted_cases(stack, options.loops, folder(stack)),
    ],
}

ROUNDS = {"in-process": 7, "server": 3}
"""Rounds of a suite; a server's take a second each."""
SLOW = ("instructions", "footprint")
"""Left out by --quick, unless they are named."""


def folder(stack: contextlib.ExitStack) -> pathlib.Path:
    """A temporary one."""
    return pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))


def compare_files(arguments: list[str]) -> int:
    """``compare OLD NEW``: the changes as JSON, and 1 where something of ours got worse."""
    old, new = (results.load(pathlib.Path(name)) for name in arguments)
    comparison = compare.compare(old, new)
    print(json.dumps(comparison.data(), indent=1))
    return 1 if comparison.worse else 0


def write_page(arguments: list[str]) -> int:
    """``page FOLDER RESULT ...``: pictures and tables for the documentation."""
    result = results.merge(results.load(pathlib.Path(name)) for name in arguments[1:])
    for path in page.write(result, pathlib.Path(arguments[0])):
        print(path)
    return 0


def print_table(arguments: list[str]) -> int:
    """``table RESULT ...``: the tables of what was saved."""
    print(table.text(results.merge(results.load(pathlib.Path(name)) for name in arguments)))
    return 0


VERBS = {"compare": compare_files, "page": write_page, "table": print_table}


def main() -> int:
    if sys.argv[1:2] and sys.argv[1] in VERBS:
        return VERBS[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"of wire, {', '.join(SUITES)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="short rounds: a feel, not a measurement")
    parser.add_argument("--only", action="append", help="scenarios whose suite and name contain this; may be repeated")
    parser.add_argument("--loop", action="append", dest="loops", choices=loops.LOOPS)
    parser.add_argument("--peer", action="append", dest="peers", help="only this peer; may be repeated")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--save", metavar="NAME", help="write benchmarks/results/NAME.json")
    options = parser.parse_args()
    unknown = set(options.suites) - {"wire", *SUITES}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    options.loops = options.loops or (["asyncio"] if options.quick else list(loops.LOOPS))
    result = results.Result(facts=results.machine_facts())
    for suite in options.suites or ["wire", *(name for name in SUITES if not (options.quick and name in SLOW))]:
        measure(suite, options, result)
    print(table.text(result))
    if options.save:
        RESULTS.mkdir(exist_ok=True)
        result.save(RESULTS / f"{options.save}.json")
    return 0


def measure(suite: str, options: argparse.Namespace, result: results.Result) -> None:
    """One suite's rows into ``result``."""
    count = options.rounds or (1 if suite == "instructions" else 2 if options.quick else ROUNDS.get(suite, 5))
    with contextlib.ExitStack() as stack:
        try:
            if suite == "wire":
                print("wire, by pytest-benchmark", file=sys.stderr)
                result.rows += wire_suite.rows(folder(stack), options.only, options.quick)
                return
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
