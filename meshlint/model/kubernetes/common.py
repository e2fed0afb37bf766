"""Messages that several kinds of Kubernetes use."""

from collections.abc import Mapping

from meshlint.model.base import Message

_NOTHING: Mapping[str, str] = {}


class LabelSelectorRequirement(Message, frozen=True):
    """A condition on one label."""

    key: str | None = None
    operator: str | None = None
    """`In`, `NotIn`, `Exists` or `DoesNotExist`."""
    values: tuple[str, ...] | None = None
    """For `In` and `NotIn` only."""


class LabelSelector(Message, frozen=True):
    """Picks objects by their labels: all of both lists must hold. Empty picks everything."""

    match_labels: dict[str, str] | None = None
    match_expressions: tuple[LabelSelectorRequirement, ...] | None = None

    def matches(self, labels: Mapping[str, str]) -> bool | None:
        """Whether an object with these labels is picked; None if an operator is unknown."""
        if any(labels.get(key) != value for key, value in (self.match_labels or _NOTHING).items()):
            return False
        answers = [_holds(requirement, labels) for requirement in self.match_expressions or ()]
        if False in answers:
            return False
        return None if None in answers else True


def _holds(requirement: LabelSelectorRequirement, labels: Mapping[str, str]) -> bool | None:
    # As apimachinery does it: NotIn is also true of objects without the label.
    value = labels.get(requirement.key or "")
    values = requirement.values or ()
    match requirement.operator:
        case "In":
            return value is not None and value in values
        case "NotIn":
            return value is None or value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return None


class LocalObjectReference(Message, frozen=True):
    """An object of the same namespace."""

    name: str | None = None
