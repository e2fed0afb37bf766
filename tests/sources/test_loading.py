"""From bytes to text: encodings, limits, standard input."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from meshlint.findings import Region
from meshlint.sources import STDIN, File, Skipped, Source, Unreadable, decode, load, loading, stdin


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a: 1\n", "a: 1\n"),
        (b"a: 1\r\nb: 2\r", "a: 1\r\nb: 2\r"),
        ("a: \u4e2d\U0001f600".encode(), "a: \u4e2d\U0001f600"),
        (b"\xef\xbb\xbfa: 1", "a: 1"),
        (b"\xef\xbb\xbf", ""),
        ("\ufeffa: \u00e9".encode("utf-16-le"), "a: \u00e9"),
        ("\ufeffa: \U0001f600".encode("utf-16-be"), "a: \U0001f600"),
        (b"\xff\xfe", ""),
        (b"a: \0\x1b", "a: \0\x1b"),
        ("a: 1\n\ufeffb: 2".encode(), "a: 1\n\ufeffb: 2"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert decode(data) == (text, None)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"\xff", 1, 1, "the byte 0xFF is no UTF-8"),
        (b"a: caf\xe9\n", 1, 7, "the byte 0xE9 is no UTF-8"),
        (b"a: 1\nb: \x80", 2, 4, "the byte 0x80 is no UTF-8"),
        (b"a: 1\r\nb: 2\rc: \x80", 3, 4, "the byte 0x80 is no UTF-8"),
        (b"\xef\xbb\xbfa\xff", 1, 2, "the byte 0xFF is no UTF-8"),
        ("\u00e9\U0001f600".encode() + b"\xc3", 1, 3, "the byte 0xC3 is no UTF-8"),
        (b"\xed\xa0\x80", 1, 1, "the byte 0xED is no UTF-8"),
        ("\ufeffa\nb".encode("utf-16-le") + b"\x00\xd8", 2, 2, "the byte 0x00 is no UTF-16"),
        ("\ufeffa".encode("utf-16-be") + b"x", 1, 2, "the byte 0x78 is no UTF-16"),
    ],
)
def test_a_bad_byte_is_a_problem_at_its_place(data: bytes, line: int, column: int, message: str) -> None:
    text, problem = decode(data)
    assert problem is not None
    assert problem.spot.region == Region(line, column, line, column + 1)
    assert problem.message == message
    assert problem.help == "save the file as UTF-8"
    assert "\ufffd" in text


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-16-le", "the text is UTF-16 without a byte order mark"),
        ("utf-16-be", "the text is UTF-16 without a byte order mark"),
        ("utf-32-le", "the text is UTF-32"),
        ("utf-32-be", "the text is UTF-32"),
        ("utf-32", "the text is UTF-32"),
    ],
)
def test_another_encoding_is_one_problem_and_no_text(encoding: str, message: str) -> None:
    text, problem = decode("kind: Service\n".encode(encoding))
    assert text == ""
    assert problem is not None
    assert (problem.message, problem.help) == (message, "save the file as UTF-8")


def test_what_surrounds_a_bad_byte_is_kept() -> None:
    assert decode(b"a: caf\xe9\n---\nb: 2\n")[0] == "a: caf\ufffd\n---\nb: 2\n"


@pytest.mark.parametrize("name", ["README.md", "a.markdown", "B.MD", "page.mdx"])
def test_markdown_is_told_by_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x\n```yaml\na: 1\n```\n")
    assert load(File(name, str(tmp_path / name))) == [Source(name, "a: 1\n", 2, (0,), 0)]


def test_json_is_a_source_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}')
    assert load(File("a.json", str(tmp_path / "a.json"), named=True)) == [Source("a.json", '{"a": 1}', named=True)]


def test_a_large_file_is_read_and_a_larger_one_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    loaded = load(File("a.yaml", str(path)))
    assert isinstance(loaded, list)
    assert len(loaded[0].text) == 50_000_000
    with path.open("wb") as stream:
        stream.truncate(loading.LIMIT + 1)
    assert load(File("a.yaml", str(path), named=True)) == Skipped("a.yaml", "larger than 64 MiB", named=True)
    monkeypatch.setattr(loading, "LIMIT", 3 * 1024 * 1024)
    assert load(File("zero", "/dev/zero")) == Skipped("zero", "larger than 3 MiB")


def test_a_file_locked_by_git_crypt_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\0GITCRYPT\0\xff\x01")
    assert load(File("a.yaml", str(tmp_path / "a.yaml"))) == Skipped("a.yaml", "encrypted by git-crypt")


@pytest.mark.parametrize(
    ("location", "reason"),
    [("/nowhere/a.yaml", "no such file or directory"), ("/", "is a directory"), ("a\0b", "embedded null byte")],
)
def test_what_cannot_be_opened(location: str, reason: str) -> None:
    assert load(File("a.yaml", location, named=True)) == Unreadable("a.yaml", reason, named=True)


def test_standard_input() -> None:
    assert stdin(io.BytesIO(b"\xef\xbb\xbfa: 1\n")) == [Source(STDIN, "a: 1\n", named=True)]


def test_standard_input_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LIMIT", 1024 * 1024)
    assert stdin(io.BytesIO(b"a" * 1024 * 1024)) != Skipped(STDIN, "larger than 1 MiB", named=True)
    assert stdin(io.BytesIO(b"a" * 1024 * 1024 + b"a")) == Skipped(STDIN, "larger than 1 MiB", named=True)


def test_standard_input_that_is_closed() -> None:
    stream = io.BytesIO()
    stream.close()
    assert isinstance(stdin(stream), Unreadable)
