"""The reference pages name everything there is: keys of the configuration, fields of the JSON report, formats."""

import re

import pytest
from support import ROOT

from meshlint.config.model import Config
from meshlint.report import json_format, summary
from meshlint.report.formats import FORMATS


def _words(page: str) -> set[str]:
    """The words that stand in code on a page."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[A-Za-z][\w-]*", code)}


@pytest.mark.parametrize("key", Config.__struct_encode_fields__)
def test_key_of_the_configuration(key: str) -> None:
    assert key in _words("configuration.md")


STRUCTS = [json_format._Log, json_format._Tool, json_format._Summary, json_format._Finding]
STRUCTS += [json_format._Related, json_format._Resource, json_format._Fix, json_format._Edit]


@pytest.mark.parametrize("field", sorted({name for struct in STRUCTS for name in struct.__struct_encode_fields__}))
def test_field_of_the_report(field: str) -> None:
    assert field in _words("output.md")


@pytest.mark.parametrize("name", [*FORMATS, *summary._SKIPPED])
def test_formats_and_reasons_for_skipping(name: str) -> None:
    assert name in _words("output.md")
