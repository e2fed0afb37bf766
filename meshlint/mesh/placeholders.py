"""Names that a tool fills in before anything is applied."""

_MARKS = ("${", "$(", "{{", "<", "%", "__")


def is_placeholder(name: str) -> bool:
    """Whether a name is still to be filled in (`${NAMESPACE}`, `$(APP)`, `{{ .name }}`, `<name>`, `__NAME__`)."""
    return any(mark in name for mark in _MARKS) and name.strip("_") != ""
