"""Places of a kind in words."""

import re

_INDEX = re.compile(r"\[\d+\]")


def holder(field: str) -> str:
    """The object that holds a field: `spec.http[0]` of `spec.http[0].timeout`."""
    if field.endswith('"]'):
        return field.rpartition('["')[0]
    return field.rpartition(".")[0]


def leaf(field: str) -> str:
    """The last step of a field: `timeout`; a key with dots whole: `istio.io/rev`."""
    if field.endswith('"]'):
        return field.rpartition('["')[2][:-2]
    return field.rpartition(".")[2]


def belongs(name: str, field: str, elsewhere: tuple[str, ...]) -> str:
    """Where a field that is illegal at its place is legal, as a sentence about `name`.

    The nearest place is told from here where it lies right above or right below; two places that
    are as near are both named.
    """
    here = tuple(_INDEX.sub("[]", holder(field)).split("."))
    first = tuple(holder(elsewhere[0]).split("."))
    up = len(here) - len(first)
    if up > 0 and here[: len(first)] == first:
        levels = "one level" if up == 1 else f"{up} levels"
        return f"`{name}` belongs {levels} up, in `{'.'.join(first)}`"
    down = [holder(place) for place in elsewhere if tuple(holder(place).split("."))[:-1] == here]
    if down:
        return f"`{name}` belongs one level down, in {' or '.join(f'`{place}`' for place in down)}"
    return f"`{name}` is legal in `{'.'.join(first)}`"
