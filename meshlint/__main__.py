"""`python -m meshlint`, and the console script."""

import gc
import os
import sys
import types


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
    """Import msgspec without typing_extensions and platform.

    It takes two names from the first where they exist, and from typing else; looking takes 10 ms, a fifth of
    a short run. Python 3.10 does not have these names in typing, and may not be told that there are none.
    Of the second uuid, which msgspec imports, asks the name of the system alone; its expressions take 2 ms.
    """
    instead: dict[str, types.ModuleType | None] = {}
    if sys.version_info >= (3, 11):
        instead["typing_extensions"] = None  # what import takes for absent
    if os.name == "posix" and "uuid" not in sys.modules:
        platform = types.ModuleType("platform")
        platform.system = lambda: os.uname().sysname  # type: ignore[attr-defined]
        instead["platform"] = platform
    instead = {name: module for name, module in instead.items() if name not in sys.modules}
    sys.modules.update(instead)  # type: ignore[arg-type]
    import msgspec  # noqa: F401

    for name in instead:
        del sys.modules[name]


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
