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


def _run(arguments: list[str]) -> int:
    from meshlint.cli import quick
    from meshlint.cli.guard import guarded

    values = None if "_MESHLINT_COMPLETE" in os.environ else quick.values_of(arguments)
    if values is not None:
        return guarded(lambda: quick.run(values))
    from meshlint.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    main()
