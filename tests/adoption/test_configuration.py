"""`.meshlint.yaml`: where it is found, what it changes, and how its errors read."""

import json
import re

import msgspec
import pytest
from adoption.running import Shop, lone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import ROOT

from meshlint.cli.options import GROUPS
from meshlint.config import Config
from meshlint.config.explain import explain
from meshlint.config.model import KEYS


def _text(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def test_it_is_found_up_to_the_root_of_the_repository(shop: Shop) -> None:
    shop.write("repo/.git/HEAD", "")
    shop.write("repo/team/shop/a.yaml", lone())
    shop.write(".meshlint.yaml", "ignore: [ML205]\n")
    assert shop.lint("-f", "text", cwd="repo/team/shop").codes() == ["a.yaml:11 ML205"], "beyond the root is another's"
    shop.write("repo/.meshlint.yaml", "ignore: [ML205]\n")
    assert shop.lint("-f", "text", cwd="repo/team/shop").out == ""
    shop.write("repo/team/.meshlint.yaml", "{}\n")
    assert shop.lint("-f", "text", cwd="repo/team/shop").codes() == ["a.yaml:11 ML205"], "the nearest one holds"


def test_without_a_repository_only_the_folder_itself_counts(shop: Shop) -> None:
    (shop.folder / ".git").rmdir()
    shop.write("sub/a.yaml", lone())
    shop.write(".meshlint.yaml", "ignore: [ML205]\n")
    assert shop.lint("-f", "text").out == ""
    assert shop.lint("-f", "text", cwd="sub").codes() == ["a.yaml:11 ML205"]


def test_the_command_line_replaces_a_key(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    shop.write(".meshlint.yaml", "ignore: [ML205]\nformat: [text]\n")
    assert shop.lint().out == ""
    assert shop.lint("--ignore", "ML301").codes() == ["a.yaml:11 ML205"]


def test_paths_are_relative_to_the_file(shop: Shop) -> None:
    shop.write(".meshlint.yaml", "paths: [manifests]\nexclude: [manifests/old/]\nformat: [text]\n")
    shop.write("manifests/a.yaml", lone())
    shop.write("manifests/old/b.yaml", lone("old"))
    shop.write("other/c.yaml", lone("other"))
    assert shop.lint().codes() == ["manifests/a.yaml:11 ML205"]
    above = shop.folder / "manifests" / "a.yaml"
    assert shop.lint(cwd="other").codes() == [f"{above}:11 ML205"]
    assert shop.lint("manifests/old/b.yaml").codes() == ["manifests/old/b.yaml:11 ML205"], "a named path is taken"


def test_without_paths_the_working_directory_is_linted(shop: Shop) -> None:
    shop.write(".meshlint.yaml", "format: [text]\n")
    shop.write("a.yaml", lone())
    shop.write("sub/b.yaml", lone("b"))
    assert shop.lint(cwd="sub").codes() == ["b.yaml:11 ML205"]


def test_a_pattern_takes_what_it_matches_yaml_or_not(shop: Shop) -> None:
    shop.write(".meshlint.yaml", 'paths: ["docs/**/*.md", manifests]\nformat: [text]\n')
    shop.write("docs/deep/a.md", f"```yaml\n{lone()}```\n")
    shop.write("docs/b.yaml", lone("unmatched"))
    shop.write("manifests/c.yaml", lone("ratings"))
    assert shop.lint().codes() == ["docs/deep/a.md:12 ML205", "manifests/c.yaml:11 ML205"]


def test_severity_of_a_rule(shop: Shop) -> None:
    shop.write("a.yaml", lone())
    assert shop.lint().code == 0, "ML205 is info"
    shop.write(".meshlint.yaml", "rules: {lone-weight: {severity: error}}\n")
    ran = shop.lint("-f", "text")
    assert (ran.code, "error ML205" in ran.out) == (1, True)


def test_options_of_a_rule(shop: Shop) -> None:
    split = lone().replace("      weight: 50", "      weight: 1\n    - destination: {host: ratings}\n      weight: 9")
    shop.write("a.yaml", split)
    assert "ML202" not in shop.lint("-f", "text").out
    shop.write(".meshlint.yaml", "rules: {ML202: {strict: true}}\n")
    assert "ML202" in shop.lint("-f", "text").out


def test_what_is_different_for_some_paths(shop: Shop) -> None:
    for folder in ("legacy", "legacy/kept", "new"):
        shop.write(f"{folder}/a.yaml", lone())
    shop.write(
        ".meshlint.yaml",
        _text(
            "format: [text]",
            "fail-on: info",
            "per-path:",
            '- {paths: [legacy/, "!legacy/kept/"], severity: {ML205: error}}',
            "- {paths: [new/], ignore: [KIA1104]}",
            "- {paths: [legacy/kept/], severity: {lone-weight: warning}}",
        ),
    )
    ran = shop.lint()
    assert ran.codes() == ["legacy/a.yaml:11 ML205", "legacy/kept/a.yaml:11 ML205"]
    assert ["error" in line for line in ran.out.splitlines()] == [True, False]
    assert shop.lint(cwd="legacy").out.count("error") == 1, "patterns are relative to the file, wherever one stands"


def test_external_names_exist(shop: Shop) -> None:
    rows = (
        "apiVersion: networking.istio.io/v1",
        "kind: VirtualService",
        "metadata: {name: a, namespace: shop}",
        "spec: {hosts: [a], http: [{route: [{destination: {host: b.shop.svc.cluster.local}}]}]}",
    )
    shop.write("a.yaml", _text(*rows))
    assert "ML206" in shop.lint("-f", "text", "--scope", "complete").out
    shop.write(".meshlint.yaml", 'external: {hosts: ["*.shop.svc.cluster.local"]}\n')
    assert "ML206" not in shop.lint("-f", "text", "--scope", "complete").out


CONFIG_ERRORS = {
    "unknown key": ("selekt: [ML2]", "1:1", "unknown key `selekt`", "did you mean `select`?"),
    "snake case": ("fail_on: error", "1:1", "unknown key `fail_on`", "did you mean `fail-on`?"),
    "no list": ("select: ML2", "1:9", "expected a list, this is the text `ML2`", "write `select: [ML2]`"),
    "no choice": ("fail-on: eror", "1:10", "`eror` is none of error, info, never or warning", "did you mean `error`?"),
    "a number": ("istio-version: 1.20", "1:16", "expected a text, this is the number 1.2", "put it in quotes"),
    "unknown release": ('istio-version: "1.2"', "1:16", "istio-version: no schemas of `1.2`", "known are 1.20"),
    "unknown selector": ("ignore: [ML205, missing-hots]", "1:17", "no rule matches `missing-hots`", "`missing-host`"),
    "unknown rule": ("rules: {missing-hots: {}}", "1:9", "no rule is called `missing-hots`", "`missing-host`"),
    "unknown option": ("rules: {ML202: {strickt: true}}", "1:17", "unknown key `strickt`", "did you mean `strict`?"),
    "wrong option": ("rules: {ML202: {strict: 3}}", "1:25", "expected true or false, this is the number 3", ""),
    "no options": ("rules: {ML205: {strict: true}}", "1:17", "unknown key `strict`", "known are severity, ignorable"),
    "severity": ("rules: {ML205: {severity: eror}}", "1:27", "`eror` is none of error, warning or info", "`error`"),
    "rule twice": ("rules: {ML205: {}, lone-weight: {}}", "1:20", "`lone-weight` is ML205, which stands here", ""),
    "no paths": ("per-path: [{ignore: [ML2]}]", "1:13", "`paths` is missing here", "add `paths:`"),
    "path ignore": ("per-path: [{paths: [a], ignore: [XX1]}]", "1:34", "no rule matches `XX1`", "meshlint explain"),
    "external": ("external: {host: [a]}", "1:12", "unknown key `host`", "did you mean `hosts`?"),
    "no mapping": ("- a", "1:1", "the configuration must be a mapping of keys", "write for example"),
    "no YAML": ("a: [", "1:4", "", ""),
    "twice": ("quiet: true\nquiet: false", "2:1", "the key `quiet` stands here again", "keep one of the two"),
    "documents": ("quiet: true\n---\nquiet: true", "2:1", "the configuration is one document", ""),
    "baseline": ("baseline: nowhere.json", "1:11", "there is no such baseline", "--write-baseline"),
    "mesh config": ("mesh-config: nowhere.yaml", "1:14", "cannot read nowhere.yaml", ""),
    "rules dir": ("rules-dir: [nowhere]", "1:13", "rules-dir: nowhere: there is no such folder", ""),
    "output": ("output: [a, b]", "1:1", "1 format, but 2 output files", "give each format its file"),
    "no paths to lint": ("paths: []", "1:1", "this names nothing to lint", "leave `paths` out"),
    "schema dir": ("schema-dir: [nowhere]", "1:14", "there is no such folder", ""),
}


@pytest.mark.parametrize(("text", "place", "message", "advice"), CONFIG_ERRORS.values(), ids=CONFIG_ERRORS)
def test_errors_are_drawn_where_they_are(shop: Shop, text: str, place: str, message: str, advice: str) -> None:
    shop.write(".meshlint.yaml", text + "\n")
    ran = shop.lint()
    assert ran.code == 2
    assert ran.out == ""
    first, where, source, marks, *_ = ran.err.splitlines()
    assert first.startswith("error: ")
    assert message in first
    assert where.strip() == f".meshlint.yaml:{place}"
    assert text.split("\n")[int(place.partition(":")[0]) - 1] in source
    assert marks.strip("| ^") == ""
    assert advice in ran.err


FRAGMENTS = [
    *(f"{key}: " for key in KEYS),
    *("rules: {ML202: ", "external: {hosts: ", "per-path: [{paths: ", "\n", "\r", "- ", "  ", "a", "ML2", "{", "}"),
    *(
        "[",
        "]",
        ", ",
        "'",
        '"',
        "&a ",
        "*a",
        "!!int ",
        "|\n  ",
        "null",
        "true",
        "1.20",
        ".",
        "/",
        "\x00",
        "\ud800",
        "\ufeff",
    ),
    *('"\\ud800"', "<<: ", "---\n", "#", "*", "?", "é"),
]


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(FRAGMENTS), max_size=12))
def test_no_text_makes_it_fail(shop: Shop, parts: list[str]) -> None:
    (shop.folder / ".meshlint.yaml").write_bytes("".join(parts).encode("utf-8", "surrogatepass"))
    ran = shop.lint("config")
    assert ran.code in {0, 2}
    assert ran.code == 0 or ran.err.startswith("error: ")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("x", "expected a whole number from 1 on or `auto`, this is the text `x`"),
        (0, "expected a whole number from 1 on or `auto`, this is the number 0"),
        (None, "expected a whole number from 1 on or `auto`, this is nothing"),
    ],
)
def test_a_value_of_several_forms_names_them(value: object, message: str) -> None:
    schema = {"properties": {"jobs": {"anyOf": [{"type": "integer", "minimum": 1}, {"enum": ["auto"]}]}}}
    assert [flaw.message for flaw in explain({"jobs": value}, "", schema)] == [message]


def test_all_errors_are_said_at_once(shop: Shop) -> None:
    shop.write(".meshlint.yaml", "selekt: []\nfail-on: x\nquiet: 3\n")
    assert shop.lint().err.count("error: ") == 3


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (("--config", "nowhere.yaml"), "cannot read nowhere.yaml: no such file or directory", ""),
        (("--istio-version", "1.99"), "istio-version: no schemas of `1.99`", "known are 1.20"),
        (("--gateway-api-version", "9"), "gateway-api-version: no schemas of `9`", "1.0-standard"),
        (("--select", "missing-subste"), "no rule matches `missing-subste`", "`missing-subset`"),
        (("--baseline", "x.json"), "baseline: x.json: there is no such baseline", ""),
        (("--mesh-config", "x.yaml"), "cannot read x.yaml", ""),
        (("--schema-dir", "x"), "schema-dir: x: there is no such folder", ""),
        (("--rules-dir", "x"), "rules-dir: x: there is no such folder", ""),
        (("--fail-on", "never!"), "`never!` is no value of `--fail-on`", "did you mean `never`?"),
        (("--selct", "ML2"), "no such option: `--selct`", "did you mean `--select`?"),
        (("-f", "json", "-o", "a", "-o", "b"), "1 format, but 2 output files", "give each format its file"),
    ],
)
def test_errors_of_the_command_line(shop: Shop, arguments: tuple[str, ...], message: str, advice: str) -> None:
    ran = shop.lint(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {message}")
    assert advice in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "rootNamespace: mesh-root\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata:\n  mesh: |\n    rootNamespace: mesh-root\n",
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {rootNamespace: mesh-root}}\n",
    ],
    ids=["MeshConfig", "ConfigMap", "IstioOperator"],
)
def test_the_mesh_config_is_read_from_a_file(shop: Shop, text: str) -> None:
    from meshlint.cli.settings import effective, settings_of

    file = shop.write("mesh.yaml", text)
    assert settings_of(effective({"mesh_config": str(file)})).mesh_config == {"rootNamespace": "mesh-root"}


@pytest.mark.parametrize("text", ["", "- a\n", "rootNamespace: [1]\n", "a: {", "apiVersion: v1\nkind: Pod\n"])
def test_a_file_without_mesh_config_is_an_error(shop: Shop, text: str) -> None:
    shop.write("mesh.yaml", text)
    assert shop.lint("--mesh-config", "mesh.yaml").code == 2


def test_the_settings_in_force_are_printed_with_their_origin(shop: Shop) -> None:
    shop.write("conf/.meshlint.yaml", "paths: [a]\nfail-on: error\n")
    ran = shop.lint("config", "--config", "conf/.meshlint.yaml", "--ignore", "ML205", "x")
    assert ran.out.splitlines() == [
        "# conf/.meshlint.yaml",
        "paths: [x]  # PATHS",
        'ignore: ["ML205"]  # --ignore',
        "fail-on: error  # conf/.meshlint.yaml:2",
    ]


def test_what_is_printed_is_a_configuration(shop: Shop) -> None:
    rows = (
        "paths: [a]",
        "per-path: [{paths: [b], severity: {ML2: info}}]",
        "external: {hosts: [x]}",
        "rules: {ML205: {severity: info}}",
    )
    shop.write(".meshlint.yaml", _text(*rows).replace("ML2:", "ML204:"))
    printed = shop.lint("config", "--all").out
    shop.write(".meshlint.yaml", printed)
    again = shop.lint("config", "--all")
    assert again.code == 0
    strip = [line.partition("  #")[0] for line in printed.splitlines()]
    assert [line.partition("  #")[0] for line in again.out.splitlines()] == strip


def test_a_first_configuration_is_valid_with_every_comment_taken_away(shop: Shop) -> None:
    (shop.folder / "manifests").mkdir()
    assert shop.lint("init").code == 0
    text = (shop.folder / ".meshlint.yaml").read_text()
    assert "\npaths: [manifests]\n" in text
    assert shop.lint("config").code == 0
    keys = [f"{key}:" for key in KEYS]
    rows = [line[2:] if line[2:].startswith((*keys, "  ", "- ")) else line for line in text.splitlines()]
    shop.write(".meshlint.yaml", "\n".join(row for row in rows if not row.startswith("baseline")))
    ran = shop.lint("config")
    assert (ran.code, ran.err) == (0, "")
    assert "per-path:" in ran.out
    assert shop.lint("init").code == 2, "what is there is not overwritten"
    assert shop.lint("init", "--force").code == 0


@pytest.mark.parametrize("page", ["configuration.md", "suppression.md"])
def test_the_configurations_of_the_documentation_are_valid(shop: Shop, page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
    configurations = [
        block for block in blocks if any(line.startswith(("paths:", "rules:")) for line in block.splitlines())
    ]
    assert configurations
    for block in configurations:
        shop.write(".meshlint.yaml", block.replace("baseline: .meshlint-baseline.json\n", ""))
        assert shop.lint("config").code == 0, block


def test_every_setting_is_a_key_and_a_long_option() -> None:
    options = {max(option.opts, key=len)[2:] for group in GROUPS.values() for option in group}
    only_file = {"paths", "exclude", "external", "rules", "per-path", "require-reason"}
    only_line = {"config", "hook", "write-baseline", "fix", "diff"}
    assert set(KEYS) - only_file == options - only_line


def test_the_schema_takes_what_the_struct_takes() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((ROOT / "schemas" / "config.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(KEYS)
    assert all(node.get("description") for node in schema["properties"].values())
    assert set(schema["properties"]["rules"]["properties"]) >= {"ML001", "syntax-error", "ML204", "missing-subset"}
    defaults = msgspec.to_builtins(Config())
    plain = {key: value for key, value in json.loads(json.dumps(defaults)).items() if value is not None}
    assert not list(Draft202012Validator(schema).iter_errors(plain))
