"""Which texts that do not parse are templates of Helm or Jinja."""

from __future__ import annotations

import pytest

from meshlint.sources import holds_actions, looks_like_template


@pytest.mark.parametrize(
    "text",
    [
        "name: {{ .Values.name }}\n",
        "name: {{- .Values.name -}}\n",
        "{{- if .Values.on }}\na: 1\n{{- end }}\n",
        "  {{- toYaml .Values.labels | nindent 4 }}\n",
        "{{/* a comment */}}\na: 1\n",
        "{% for host in hosts %}\n- {{ host }}\n{% endfor %}\n",
        "{%- set a = 1 %}\n",
        'name: x-{{ include "a.name" . }}\n',
        "name: '{{ a }}': {{ b }}\n",
        "a: |\n  text\nb: {{ c }}\n",
        "a:\n- |\n  text\n- {{ c }}\n",
        "a: b#{{ c }}\n",
        'a: "unclosed {{ b }}\nc: {{ d }}\n',
        "a: it's {{ b }}\n",
        "a: it's {{ b }}, isn't it\n",
        "# {{- if x }}\n{{ y }}\n",
        "a: 1\r\nb: {{ c }}\r\n",
    ],
)
def test_templates(text: str) -> None:
    assert looks_like_template(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\n",
        "a: {b: c\n",
        'a: "{{ b }}"\nc: [\n',
        "a: '{{ b }}'\nc: [\n",
        "# {{ b }}\nc: [\n",
        "a: 1 # {{ b }}\nc: [\n",
        "a: |\n  {{ b }}\n\n  {% c %}\nd: [\n",
        "a: >-\n  {{ b }}\nd: [\n",
        "a: |2 # why\n    {{ b }}\nd: [\n",
        "- |\n  {{ b }}\n- [\n",
        "a: { b: { c: 1 } }\nd: [\n",
        "a: ${b}\nc: [\n",
    ],
)
def test_other_texts(text: str) -> None:
    assert not looks_like_template(text)


def test_actions_count_anywhere_in_a_chart() -> None:
    assert holds_actions('host: "{{ .Values.host }}"')
    assert not holds_actions("host: '{ {x} }'")


def test_long_texts_take_time_by_their_length() -> None:
    assert not looks_like_template("# {{\n" + "a: '" + "b'' " * 200_000)
