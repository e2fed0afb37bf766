"""A number or boolean where a text belongs is shown, and put into quotes, as it is written."""

import pytest
from support import findings

LABELS = """\
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: a}}
spec:
  host: a
  subsets:
  - name: v1
    labels:
      version: {value}
"""


@pytest.mark.parametrize(
    "value", ["1", "1.0", "1.10", "0777", "0o17", "1_000", "1e3", "-0", "+1", ".5", "yes", "On", "true"]
)
def test_a_label(value: str) -> None:
    (found,) = findings(LABELS.format(value=value), only=("ML102",))
    assert f"not `{value}`:" in found.message
    assert found.help is not None
    assert found.help.startswith(f'write `"{value}"`')
    assert found.fix is not None
    assert [edit.value for edit in found.fix.edits] == [value]


def test_of_kinds_without_schema_too() -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: b, version: 1.0}}\nspec: {containers: []}\n"
    (found,) = findings(text, only=("ML102",))
    assert "not `1.0`:" in found.message


def test_inside_of_a_list_and_behind_an_alias() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n"
        "    annotations: {a: &one 1.0}\n    labels: {version: *one}\n"
    )
    found = findings(text, only=("ML102",))
    assert found
    assert all("must be a text" in item.message for item in found)


def test_a_value_of_several_lines_stays_as_it_is() -> None:
    (found,) = findings(LABELS.format(value="[1.0,\n        2]"), only=("ML102",))
    assert "must be a text" in found.message
