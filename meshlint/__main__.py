"""`python -m meshlint`, and the console script."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # a run makes no garbage that counts
    code = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or 141
    os._exit(code)  # taking a large mesh to pieces, object by object, takes seconds


def _import_msgspec() -> None:
    """Import msgspec without typing_extensions.

    It takes two names from there where they exist, and from typing else; looking takes 10 ms, a fifth of a
    short run. Python 3.10 does not have these names in typing, and may not be told that there are none.
    """
    if sys.version_info < (3, 11) or "typing_extensions" in sys.modules:
        return
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # what import takes for absent
    import msgspec  # noqa: F401

    del sys.modules["typing_extensions"]


def _run(arguments: list[str]) -> int:
    _import_msgspec()
    from meshlint.cli import quick
    from meshlint.cli.guard import guarded

    values = None if "_MESHLINT_COMPLETE" in os.environ else quick.values_of(arguments)
    if values is not None:
        return guarded(lambda: quick.run(values))
    from meshlint.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    main()
