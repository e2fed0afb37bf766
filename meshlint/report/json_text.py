"""JSON on a stream, whatever the stream's encoding and the text in it."""

import codecs
from typing import Any, TextIO

import msgspec


def write_json(stream: TextIO, value: Any) -> None:
    """Write structs or plain data as indented JSON with a line end.

    JSON is UTF-8; where the stream is not (a Windows pipe), everything beyond ASCII is escaped.
    What UTF-8 cannot hold, undecodable bytes of a file name, is written as an escape.
    """
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(value)))
    text = msgspec.json.format(encoded, indent=2).decode()
    if not text.isascii() and not _is_utf8(stream):
        text = "".join(_escaped(character) for character in text)
    stream.write(text)
    stream.write("\n")


def _is_utf8(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None)
    return encoding is None or codecs.lookup(encoding).name.startswith("utf-8")


def _escaped(character: str) -> str:
    if character.isascii():
        return character
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[start : start + 2].hex()}" for start in range(0, len(units), 2))


def _encodable(value: Any) -> Any:
    """The same plain data as text that UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(item) for item in value]
    return value
