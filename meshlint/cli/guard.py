"""How a run ends: with an exit code, whatever happens."""

import os
import sys
from collections.abc import Callable

from meshlint.cli.usage import Failure, draw


def guarded(action: Callable[[], int]) -> int:
    """Do something; its exit code, or that of what went wrong, said on stderr."""
    try:
        code = action()
        sys.stdout.flush()
    except Failure as failure:
        return draw(failure)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except BrokenPipeError:
        # Whoever read the report has seen enough (`meshlint | head`); nothing must be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if os.environ.get("MESHLINT_TRACEBACK"):
            raise
        advice = "please report this; MESHLINT_TRACEBACK=1 shows where it happened"
        return draw(Failure(f"meshlint itself failed: {type(error).__name__}: {error}", help=advice, code=3))
    return code
