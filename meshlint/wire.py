"""What the map step knows of a source as bytes: for the way out of another process, and into the cache.

Resources go as msgpack of their structs, each under the name of its class. What two places of a
resource share (an alias, a value of the reader) is two objects afterwards: nothing compares them.
"""

import sys
from importlib import import_module
from typing import Any

import msgspec

from meshlint.findings import Path, Result
from meshlint.mapped import Mapped
from meshlint.mesh.context import Entry, Origin
from meshlint.model.base import Resource
from meshlint.sources import Skipped, Unreadable
from meshlint.spans import Spans

UNPACKABLE = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError, TypeError)
"""What packing and unpacking raise: for integers beyond 64 bits, lone surrogates, deep nesting, foreign bytes."""


class _Entry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A resource, the index of its class, and its origin but for what all of a source share."""

    kind: int
    resource: msgspec.Raw
    document: int
    prefix: Path = ()
    base: Path | None = None
    inner: Path | None = None
    carrier: str = ""
    is_part: bool = False


class _Packed(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A `Mapped`. `path` is that of the source; `spans` are start, end and line of each in turn."""

    path: str
    kinds: list[str]
    entries: list[_Entry]
    spans: list[int]
    results: list[Result] = []
    skipped: dict[str, int] = {}
    notes: list[str] = []
    is_template: bool = False
    is_marked: bool = False
    digest: int = 0
    failure: tuple[bool, str, str, bool] | None = None
    is_part_lost: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Packed)
_resources: dict[str, msgspec.msgpack.Decoder[Any]] = {}


def pack(path: str, mapped: Mapped) -> bytes:
    """The bytes of what is known of a source. Raises one of UNPACKABLE."""
    kinds: dict[str, int] = {}
    entries = []
    for entry in mapped.entries:
        resource, origin = entry.resource, entry.origin
        name = f"{type(resource).__module__}:{type(resource).__qualname__}"
        kind = kinds.setdefault(name, len(kinds))
        raw = msgspec.Raw(_encoder.encode(resource))
        within = (origin.base, origin.inner, origin.carrier, origin.is_part)
        entries.append(_Entry(kind, raw, origin.document, origin.prefix, *within))
    failure = mapped.failure
    return _encoder.encode(
        _Packed(
            path,
            list(kinds),
            entries,
            mapped.spans.numbers(),
            mapped.results,
            mapped.skipped,
            mapped.notes,
            mapped.is_template,
            mapped.is_marked,
            mapped.digest,
            (isinstance(failure, Unreadable), failure.path, failure.reason, failure.named) if failure else None,
            mapped.is_part_lost,
        )
    )


def unpack(data: bytes, number: int) -> Mapped:
    """What is known of a source of this number. Raises one of UNPACKABLE."""
    packed = _decoder.decode(data)
    decoders = [_decoder_of(name) for name in packed.kinds]
    path = sys.intern(packed.path)
    entries = [
        Entry(
            decoders[entry.kind].decode(entry.resource),
            Origin(number, entry.document, path, entry.prefix, entry.base, entry.inner, entry.carrier, entry.is_part),
        )
        for entry in packed.entries
    ]
    failure = packed.failure
    return Mapped(
        entries,
        [renumbered(result, number) for result in packed.results],
        Spans(packed.spans),
        packed.skipped,
        packed.notes,
        packed.is_template,
        packed.is_marked,
        packed.digest,
        (Unreadable if failure[0] else Skipped)(*failure[1:]) if failure else None,
        packed.is_part_lost,
    )


def renumbered(result: Result, number: int) -> Result:
    """A result of the map step with its source under another number: that of an earlier run may differ."""
    if result.spot.source == number:
        return result
    replace = msgspec.structs.replace
    fix = result.fix
    return replace(
        result,
        spot=replace(result.spot, source=number),
        related=tuple(replace(end, spot=replace(end.spot, source=number)) for end in result.related),
        fix=fix
        and replace(fix, edits=tuple(replace(edit, spot=replace(edit.spot, source=number)) for edit in fix.edits)),
    )


def _decoder_of(name: str) -> "msgspec.msgpack.Decoder[Any]":
    """The decoder of a class of resources; ValueError for the name of anything else."""
    if name not in _resources:
        module, _, attribute = name.partition(":")
        if not module.startswith("meshlint.model."):
            raise ValueError(name)
        try:
            found = getattr(import_module(module), attribute)
        except (ImportError, AttributeError) as error:
            raise ValueError(name) from error
        if not (isinstance(found, type) and issubclass(found, Resource)):
            raise ValueError(name)
        _resources[name] = msgspec.msgpack.Decoder(found)
    return _resources[name]
