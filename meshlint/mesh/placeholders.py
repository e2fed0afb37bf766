"""Names that a tool fills in before anything is applied."""

import re

_MARK = re.compile(r"\$[{(]|\{\{|[<%]|__")


def is_placeholder(name: str) -> bool:
    """Whether a name is still to be filled in (`${NAMESPACE}`, `$(APP)`, `{{ .name }}`, `<name>`, `__NAME__`)."""
    return _MARK.search(name) is not None and name.strip("_") != ""
