"""How the report reads at a terminal of 80 columns."""

from meshes import authentication, namespace, pod, rule, service
from readiness.checking import judged

from meshlint.readiness.console import lines
from meshlint.report.model import Settings

SHOP = namespace("shop")


def shown(text: str, **more) -> list[str]:
    return list(lines(judged(text, **more), Settings(width=80)))


def test_of_many_workloads_that_are_ready_a_few_are_listed_and_the_others_counted():
    text = SHOP + "".join(pod(f"web{number}") for number in range(14)) + pod("old", 'sidecar.istio.io/inject: "false"')
    found = [line for line in shown(text + service("old")) if line.startswith("  Pod") or "more" in line]
    assert found[0] == "  Pod old: ready with exceptions (no proxy: 8080, 9090 not enforced)"
    assert found[1] == "  Pod web0: ready (sidecar: 8080 PERMISSIVE (default) -> STRICT)"
    assert found[11:] == ["  and 4 more that are ready (`-f json` names them)"]


def test_ports_of_one_mode_stand_together_and_a_mode_that_stays_is_said_once():
    text = (
        SHOP
        + pod("web")
        + service("web")
        + authentication("e", "STRICT", selector="{app: web}", ports="{8080: {mode: DISABLE}}")
    )
    assert "  Pod web: ready with exceptions (sidecar: 8080 DISABLE; 9090 STRICT)" in shown(text)


def test_workloads_of_one_name_are_told_apart_by_their_place():
    found = [line for line in shown(SHOP + pod("web") + pod("web")) if "Pod web" in line]
    assert found == [
        f"  Pod web at {number}:1:1: ready (sidecar: 8080 PERMISSIVE (default) -> STRICT)" for number in (1, 2)
    ]


def test_that_no_file_tells_who_gets_a_sidecar_is_said_once_for_a_namespace():
    found = [line for line in shown(pod("web") + pod("web2")) if "no file says" in line]
    assert found == ["  unknown R2 no file says whether its pods get a sidecar"]


def test_the_policies_of_a_step_are_one_file_to_copy():
    text = "\n".join(line.strip() for line in shown(SHOP + namespace("bank") + pod("web") + pod("till", home="bank")))
    assert "mode: STRICT\n---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication" in text


def test_the_page_of_the_checks_is_named_where_there_are_any():
    assert not any("R1 to R26" in line for line in shown(SHOP + pod("web")))
    assert any(
        "R1 to R26: https://" in line
        for line in shown(SHOP + pod("web") + service("web") + rule("r", "web", "{tls: {}}"))
    )


def test_prose_keeps_to_the_width():
    text = SHOP + pod("web") + service("web", "clusterIP: None") + rule("r", "web", "{tls: {mode: DISABLE}}")
    assert [line for line in shown(text) if len(line) > 80] == []
