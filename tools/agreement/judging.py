"""Running meshlint in this process on the inputs of a case."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from meshlint.cli.settings import known_rules
from meshlint.engine import Input, Settings, lint
from meshlint.mesh.context import Scope
from meshlint.report.model import Reported
from meshlint.selection import select
from meshlint.sources import Source


@cache
def settings(scope: Scope) -> Settings:
    """All rules that are on by default, and those that a comparison needs."""
    return Settings(selection=select(known_rules(), only=("all",)), scope=scope)


def judge(documents: Sequence[Any], scope: Scope = Scope.PARTIAL) -> list[Reported]:
    """What meshlint says of resources that lie in one file each."""
    sources = [Source(f"case-{number}.yaml", json.dumps(given), named=True) for number, given in enumerate(documents)]
    return list(lint(Input(sources), settings(scope)).findings)
