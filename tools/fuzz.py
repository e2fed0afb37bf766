"""Throw damaged manifests at the reader and watch what must always hold (see tests/reading/oracles.py).

python tools/fuzz.py --count 200000 --seed 1

Prints seed, number and text of every failure, shortened as far as it still fails; --keep writes
the texts to tests/reading/failures/, where the tests take them up. Exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Callable
from random import Random

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FAILURES = os.path.join(ROOT, "tests", "reading", "failures")


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, help="texts to try")
    parser.add_argument("--seed", type=int, default=None, help="default: from the clock, and printed")
    parser.add_argument("--keep", action="store_true", help="write what fails to tests/reading/failures/")
    parser.add_argument("--fast", action="store_true", help="only compare the fast reader with the full one")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else int(time.time())
    sys.path[:0] = [ROOT, os.path.join(ROOT, "tests")]
    from reading import oracles, shapes  # type: ignore[import-not-found]

    print(f"seed {seed}, {arguments.count} texts")
    started = time.perf_counter()
    check = oracles.check_fast if arguments.fast else oracles.check
    failed = run(arguments.count, seed, shapes.text, check, keep=arguments.keep)
    print(f"seed {seed}, {arguments.count} texts, {time.perf_counter() - started:.0f} s, {failed} failures")
    return 1 if failed else 0


def run(count: int, seed: int, make: Callable[[Random], str], check: Callable[[str], object], *, keep: bool) -> int:
    """Check `count` texts and report the failures, each kind of failure once."""
    seen: set[str] = set()
    failed = 0
    for number in range(count):
        text = make(Random(f"{seed}/{number}"))
        problem = failure(text, check)
        if problem is None:
            continue
        failed += 1
        if problem in seen:
            continue
        seen.add(problem)
        text = shortened(text, check)
        print(f"--- {seed}/{number}: {explain(text, check)}\n{text!r}")
        if keep:
            name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            with open(os.path.join(FAILURES, f"{name}.yaml"), "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
    return failed


def failure(text: str, check: Callable[[str], object]) -> str | None:
    """Give the kind of failure: the exception and the line of code that raised it."""
    try:
        check(text)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return f"{type(error).__name__} in line {trace.tb_lineno if trace else 0}"
    return None


def explain(text: str, check: Callable[[str], object]) -> str:
    """Give the message of the failure."""
    try:
        check(text)
    except Exception as error:  # noqa: BLE001 - as above
        return f"{type(error).__name__}: {error}"
    return "passes now"


def shortened(text: str, check: Callable[[str], object]) -> str:
    """Remove pieces, ever smaller, as long as the text fails in the same way."""
    kind = failure(text, check)
    size = len(text) // 2
    while size:
        start = 0
        while start < len(text):
            shorter = text[:start] + text[start + size :]
            if failure(shorter, check) == kind:
                text = shorter
            else:
                start += size
        size //= 2
    return text


if __name__ == "__main__":
    sys.exit(main())
