"""A baseline keeps silent about what was known, and about nothing else."""

import json

import pytest
from adoption.running import Shop, lone


def known(shop: Shop) -> None:
    """Write a baseline of two findings."""
    shop.write("a.yaml", lone("reviews"))
    shop.write("b.yaml", lone("ratings"))
    ran = shop.lint("-f", "text", "--write-baseline", "known.json")
    assert (ran.code, ran.out) == (0, "")
    assert "known.json: 2 findings written" in ran.err


def lint(shop: Shop, *arguments: str) -> list[str]:
    """What is reported with the baseline."""
    return shop.lint("-f", "text", "--baseline", "known.json", *arguments).codes()


def test_known_findings_are_silent(shop: Shop) -> None:
    known(shop)
    assert lint(shop) == []
    assert lint(shop, "--show-suppressed") == ["a.yaml:11 ML205", "b.yaml:11 ML205"]


def test_sarif_says_where_a_finding_was_silenced(shop: Shop) -> None:
    shop.write("a.yaml", f"{lone('reviews')}---\n{lone('ratings', '  # meshlint: ignore[ML205] canary')}")
    shop.lint("--write-baseline", "known.json")
    ran = shop.lint("-f", "sarif", "--show-suppressed", "--baseline", "known.json")
    results = json.loads(ran.out)["runs"][0]["results"]
    assert sorted(result["suppressions"][0]["kind"] for result in results) == ["external", "inSource"]


def test_lines_may_move(shop: Shop) -> None:
    known(shop)
    shop.write("a.yaml", f"# a\n\n# b\n---\n{lone('reviews')}")
    assert lint(shop) == []


def test_files_may_be_renamed_and_split(shop: Shop) -> None:
    known(shop)
    (shop.folder / "b.yaml").unlink()
    shop.write("a.yaml", f"{lone('ratings')}---\n{lone('reviews')}")
    (shop.folder / "a.yaml").rename(shop.folder / "c.yaml")
    assert lint(shop) == []


def test_other_findings_may_come_and_are_reported(shop: Shop) -> None:
    known(shop)
    shop.write("0.yaml", lone("details"))
    assert lint(shop) == ["0.yaml:11 ML205"]


@pytest.mark.parametrize(
    "change",
    [
        ("weight: 50", "weight: 51"),
        ("name: reviews\n", "name: reviews-2\n"),
        ("namespace: shop", "namespace: other"),
    ],
    ids=["another value", "another resource", "another namespace"],
)
def test_a_finding_that_is_new_is_never_hidden(shop: Shop, change: tuple[str, str]) -> None:
    known(shop)
    shop.write("a.yaml", lone("reviews").replace(*change))
    assert lint(shop) == ["a.yaml:11 ML205"]


def test_of_equal_findings_no_more_are_silent_than_were_known(shop: Shop) -> None:
    known(shop)
    route = "  - route:\n    - destination: {host: reviews}\n      weight: 50\n"
    shop.write("a.yaml", lone("reviews") + route)
    assert lint(shop, "--select", "ML205") == ["a.yaml:14 ML205"]
    shop.lint("--select", "ML205", "--write-baseline", "known.json")
    assert lint(shop, "--select", "ML205") == []
    entries = json.loads((shop.folder / "known.json").read_text())["findings"]
    assert sorted(entry["count"] for entry in entries) == [1, 2]


def test_what_is_fixed_is_named(shop: Shop) -> None:
    known(shop)
    shop.write("a.yaml", lone("reviews").replace("      weight: 50\n", ""))
    err = shop.lint("--baseline", "known.json").err
    assert "ML205 VirtualService shop/reviews spec.http[0].route[0].weight is fixed" in err
    assert "`--write-baseline known.json` removes what is fixed" in err
    shop.lint("--write-baseline", "known.json")
    assert "is fixed" not in shop.lint("--baseline", "known.json").err


@pytest.mark.parametrize("arguments", [("b.yaml",), ("--select", "ML2o".replace("o", "0")), ("--ignore", "ML205")])
def test_what_was_not_looked_at_is_not_called_fixed(shop: Shop, arguments: tuple[str, ...]) -> None:
    known(shop)
    shop.write("a.yaml", lone("reviews").replace("      weight: 50\n", ""))
    expected = arguments == ("--select", "ML20")
    assert ("is fixed" in shop.lint("--baseline", "known.json", *arguments).err) is expected


def test_named_paths_are_compared_with_those_of_the_baseline(shop: Shop) -> None:
    shop.write("m/a.yaml", lone("reviews"))
    shop.lint("--write-baseline", "known.json", "m")
    shop.write("m/a.yaml", lone("reviews").replace("      weight: 50\n", ""))
    assert "is fixed" in shop.lint("--baseline", "known.json", "m").err
    assert "is fixed" not in shop.lint("--baseline", "known.json", "m/a.yaml").err


def test_what_may_not_be_silenced_is_not_known(shop: Shop) -> None:
    shop.write(".meshlint.yaml", "rules: {ML205: {ignorable: false}}\n")
    shop.write("a.yaml", lone())
    ran = shop.lint("-f", "text", "--write-baseline", "known.json")
    assert ran.codes() == ["a.yaml:11 ML205"]
    assert lint(shop) == ["a.yaml:11 ML205"]


def test_a_configured_baseline_is_written_anew(shop: Shop) -> None:
    shop.write(".meshlint.yaml", "baseline: known.json\n")
    shop.write("a.yaml", lone())
    assert shop.lint("--write-baseline", "known.json").code == 0
    assert shop.lint("-f", "text").out == ""
    assert shop.lint("--write-baseline", "known.json").code == 0, "and what it silenced is still in it"
    assert shop.lint("-f", "text").out == ""


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1}', "\xff"])
def test_a_file_that_is_no_baseline_is_an_error(shop: Shop, text: str) -> None:
    shop.write("known.json", text)
    ran = shop.lint("--baseline", "known.json")
    assert ran.code == 2
    assert ran.err.startswith("error: baseline: known.json")


def test_a_baseline_that_cannot_be_written_is_an_error(shop: Shop) -> None:
    assert shop.lint("--write-baseline", "nowhere/known.json").code == 2
