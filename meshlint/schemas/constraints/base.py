"""The shape of a constraint's entry."""

import msgspec


class Constraint(msgspec.Struct, frozen=True):
    """One meaning of CEL rules.

    `rules` are the texts that have it, in any spelling of quotes and blanks. `message` says what
    is wrong and why; `{value}` in it is the value at the place (of a map: the key to blame). `field` leads from the object that
    carries the rule to the field that is to blame, if that is present. `names` are fields of which
    the rule allows one only: the message names those present, and the place is the last of them.
    """

    name: str
    message: str
    rules: tuple[str, ...]
    field: str = ""
    help: str | None = None
    names: tuple[str, ...] = ()
