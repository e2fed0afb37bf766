"""Where the built-in rules and schemas live.

In a checkout they are the top-level folders `rules/` and `schemas/`; a wheel carries a copy of both
in `meshlint/_data/`. Nothing else in meshlint knows the difference.
"""

import os
from functools import cache
from typing import Literal

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_WHEEL = os.path.join(_PACKAGE, "_data")


@cache
def folder(kind: Literal["rules", "schemas"]) -> str:
    """The absolute path of the folder; a checkout wins over data left beside an editable install."""
    for home in (os.path.dirname(_PACKAGE), _WHEEL):
        path = os.path.join(home, kind)
        if os.path.isdir(path) and (home is _WHEEL or os.path.isfile(os.path.join(home, "pyproject.toml"))):
            return path
    raise FileNotFoundError(f"this installation of meshlint has no {kind}/ folder")


def is_installed() -> bool:
    """Whether the data comes with a wheel, where it cannot have changed since it was built."""
    return folder("rules").startswith(_WHEEL)
