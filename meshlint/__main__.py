"""`python -m meshlint`, and the console script."""

import gc
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader


class OwnModules:
    """Finds meshlint's own modules: each lies in the folder of its package, so that there is nothing to search for.

    A short run imports two hundred of them, and Python's own search takes 16 us for each. What is not found here
    (packages) is left to that search.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        """Where a module is; the protocol of `sys.meta_path`."""
        if not path or not name.startswith(("meshlint.", "meshlint_rules.")):
            return None
        location = os.path.join(path[0], f"{name.rpartition('.')[2]}.py")
        if not os.path.isfile(location):
            return None
        spec = ModuleSpec(name, SourceFileLoader(name, location), origin=location)
        spec.has_location = True
        return spec


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
    if OwnModules not in sys.meta_path:
        sys.meta_path.insert(0, OwnModules)
    from meshlint.cli import quick
    from meshlint.cli.guard import guarded

    values = None if "_MESHLINT_COMPLETE" in os.environ else quick.values_of(arguments)
    if values is not None:
        return guarded(lambda: quick.run(values))
    from meshlint.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    main()
