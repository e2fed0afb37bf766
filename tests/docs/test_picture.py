"""The picture in the README says what the run says."""

import re
from html import unescape

from support import ROOT

from tools.pages import picture


def test_the_picture_is_of_a_real_run() -> None:
    drawn = (ROOT / "docs" / "images" / "run.svg").read_text(encoding="utf-8")
    words = [unescape(text) for text in re.findall(r"<text [^>]*>([^<]*)</text>", drawn)]
    assert "".join("".join(words).split()) == "".join(picture.text().split())


def test_the_picture_needs_nothing_from_a_network() -> None:
    drawn = (ROOT / "docs" / "images" / "run.svg").read_text(encoding="utf-8")
    assert not re.search(r"(href|src|url\()", drawn)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_the_readme_shows_it() -> None:
    assert "docs/images/run.svg" in (ROOT / "README.md").read_text(encoding="utf-8")
