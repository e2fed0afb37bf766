"""A bar on a terminal, for runs that take longer than a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_PATIENCE = 1.0
"""Seconds before the bar appears: a fast run shows none."""


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """Give a function to call with the number of sources done; it draws on stderr, which is a terminal."""
    started = time.monotonic()
    bar: Any = None
    drawn = 0

    def step(done: int) -> None:
        nonlocal bar, drawn
        if bar is None and time.monotonic() - started < _PATIENCE:
            return
        if bar is None:
            import click

            bar = click.progressbar(length=total, label="reading", file=sys.stderr, show_pos=True)
            bar.__enter__()
        bar.update(done - drawn)
        drawn = done

    try:
        yield step
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)
            sys.stderr.write("\x1b[1A\x1b[2K")  # the report starts where the bar was
