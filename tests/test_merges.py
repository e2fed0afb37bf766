"""Delegates in their roots: what the rules find there, and what they no longer find."""

import json
import sys
from textwrap import indent

import pytest
from support import findings, marks, report

from meshlint.cli.main import run

ROOT = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: edge}}
spec:
  hosts: [{name}.example.com]
{spec}
"""
DELEGATE = """apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: cart, namespace: shop}}
spec:
{spec}
"""
TO = "{destination: {host: cart.shop.svc.cluster.local}}"


def root(spec: str, name: str = "shop") -> str:
    return ROOT.format(name=name, spec=indent(spec.strip("\n"), "  "))


def cart(spec: str) -> str:
    return DELEGATE.format(spec=indent(spec.strip("\n"), "  "))


def check(*texts: str, only: str) -> list:
    """The findings of one rule are exactly those that the texts mark; they are given back."""
    found = findings(*texts, only=(only,))
    marked = {(f"file{n}.yaml", line, code) for n, text in enumerate(texts) for line, code in marks(text)}
    assert {(item.path, item.region.line, item.rule) for item in found} == marked
    assert len(found) == len(marked), "each is said once"
    return found


PLAIN = root("""
http:
- match: [{uri: {prefix: /cart}}]
  delegate: {name: cart, namespace: shop}
""")


# --- routes that are not reached


def test_a_route_of_the_root_behind_the_delegate() -> None:
    check(
        root(f"""
http:
- match: [{{uri: {{prefix: /cart}}}}]
  delegate: {{name: cart, namespace: shop}}
- match:
  - uri:
      prefix: /cart/admin  # ML265
  route: [{TO}]
"""),
        cart(f"http:\n- route: [{TO}]"),
        only="ML265",
    )


def test_what_the_delegate_hides_from_itself_is_said_of_it_alone() -> None:
    texts = (
        PLAIN,
        cart(f"""
http:
- match: [{{uri: {{prefix: /cart}}}}]
  route: [{TO}]
- match:
  - uri:
      prefix: /cart/old  # ML230
  route: [{TO}]
"""),
    )
    found = check(*texts, only="ML230")
    assert found[0].message == "no request reaches HTTP route 2: a match of route 1 takes all of its requests"
    assert not findings(*texts, only=("ML265",))


def test_a_route_that_the_root_does_not_serve_hides_nothing() -> None:
    """`/` lies outside of what the root leaves, so istiod drops it, and the second route gets its requests."""
    check(
        PLAIN,
        cart(f"""
http:
- match: [{{uri: {{prefix: /}}}}]
  route: [{TO}]
- match: [{{uri: {{prefix: /cart/old}}}}]
  route: [{TO}]
"""),
        only="ML230",
    )


def test_a_route_that_one_of_two_roots_uses_is_used() -> None:
    second = root(
        f"""
http:
- match: [{{uri: {{prefix: /cart/old}}}}]
  route: [{TO}]
- delegate: {{name: cart, namespace: shop}}
""",
        "second",
    )
    delegate = """
http:
- match: [{uri: {prefix: /cart/old}}]
  route: [%s]
- route: [%s]
"""
    check(PLAIN, second, cart(delegate % (TO, TO)), only="ML265")
    third = second.replace("second", "third")
    marked = delegate.replace("[{uri: {prefix: /cart/old}}]", "[{uri: {prefix: /cart/old}}]  # ML265")
    found = check(second, third, cart(marked % (TO, TO)), only="ML265")
    assert [end.message for end in found[0].related[1:]] == ["this root delegates to it"] * 2


def test_a_delegate_that_stands_twice_in_a_root_is_used_if_one_copy_is() -> None:
    twice = """
http:
- match: [{{uri: {{prefix: /cart}}}}]
  delegate: {{name: cart, namespace: shop}}
- match: [{{uri: {{prefix: {second}}}}}]
  delegate: {{name: cart, namespace: shop}}
"""
    delegate = cart(f"http:\n- match: [{{method: {{exact: GET}}}}]\n  route: [{TO}]")
    check(root(twice.format(second="/basket")), delegate, only="ML230")
    check(root(twice.format(second="/cart/new")), delegate, only="ML265")


def test_a_route_of_the_root_that_is_never_reached_is_one_cause() -> None:
    texts = (
        root(f"""
http:
- route: [{TO}]
- match:
  - uri:
      prefix: /cart  # ML230
  delegate: {{name: cart, namespace: shop}}
"""),
        cart(f"http:\n- match: [{{uri: {{prefix: /cart/new}}}}]\n  route: [{TO}]"),
    )
    check(*texts, only="ML230")
    assert not findings(*texts, only=("ML265",))


def test_a_delegate_without_match_hidden_by_its_own() -> None:
    check(PLAIN, cart(f"http:\n- route: [{TO}]\n- route: [{TO}]  # ML230"), only="ML230")


def test_routes_are_counted_as_their_file_writes_them() -> None:
    """What hides the delegate's second route is its first, which is the second in the merge."""
    given = root(f"""
http:
- match: [{{uri: {{exact: /cart/x}}}}]
  route: [{TO}]
- match: [{{uri: {{prefix: /cart}}, headers: {{x: {{exact: a}}}}}}]
  delegate: {{name: cart, namespace: shop}}
""")
    hidden = "\n- match:\n  - uri:\n      prefix: /cart/old  # ML230"
    more = f"\n    headers: {{x: {{exact: a}}}}\n  route: [{TO}]"
    delegate = cart(f"http:\n- match: [{{uri: {{prefix: /cart}}}}]\n  route: [{TO}]{hidden}{more}")
    found = check(given, delegate, only="ML230")
    assert found[0].message == "no request reaches HTTP route 2: a match of route 1 takes all of its requests"


# --- subsets, as clients of the root look them up

RULE = """apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: cart, namespace: {namespace}}}
spec: {{host: cart.shop.svc.cluster.local, exportTo: {export}, subsets: [{{name: v1, labels: {{version: v1}}}}]}}
"""


@pytest.mark.parametrize("host", ["cart", "cart.shop.svc.cluster.local"])
def test_a_subset_that_the_root_s_clients_do_not_see(host) -> None:
    """The rule of `edge` is what proxies in `edge` take, and it lacks the subset that `shop` has."""
    text = f"http:\n- route: [{{destination: {{host: {host}, subset: v2}}}}]"
    own = RULE.format(namespace="shop", export='["."]').replace("v1", "v2")
    theirs = RULE.format(namespace="edge", export='["*"]')
    bound = PLAIN.replace("  hosts", "  gateways: [edge/public]\n  exportTo: [.]\n  hosts")
    check(cart(text), own, only="ML204")
    check(bound, cart(text + "  # ML204"), own, theirs, only="ML204")
    check(bound, cart(text), own, theirs.replace("v1", "v2"), only="ML204")


def test_a_short_name_is_the_delegate_s_own() -> None:
    """`cart` means `cart.shop` in the delegate, whatever services the root's namespace has."""
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s}\nspec: {ports: [{port: 80}]}\n"
    services = "---\n".join(
        service % pair for pair in [("cart", "shop"), ("other", "shop"), ("web", "edge"), ("www", "edge")]
    )
    check(PLAIN, cart("http:\n- route: [{destination: {host: cart}}]"), services, only="ML206")
    check(PLAIN, cart("http:\n- route: [{destination: {host: carrt}}]  # ML206"), services, only="ML206")


# --- weights


def test_weights_are_said_once_however_many_roots_there_are() -> None:
    delegate = cart(f"http:\n- route:  # ML202\n  - {{weight: 80, {TO[1:]}\n  - {{weight: 40, {TO[1:]}")
    check(PLAIN, PLAIN.replace("shop.example", "b.example").replace("name: shop", "name: b"), delegate, only="ML202")


# --- timeouts and retries

RETRIES = "retries: {{attempts: 3, perTryTimeout: 2s, retryOn: 5xx}}{mark}"


def timed(timeout: str, name: str = "shop") -> str:
    return root(f"http:\n- {timeout}\n  delegate: {{name: cart, namespace: shop}}", name)


def retrying(mark: str = "", more: str = "") -> str:
    return cart(f"http:\n- route: [{TO}]\n  {RETRIES.format(mark=mark)}\n{more}")


def test_the_delegate_s_retries_against_the_root_s_timeout() -> None:
    found = check(timed("timeout: 3s"), retrying("  # ML301"), only="ML301")
    assert [(end.path, end.message) for end in found[0].related] == [
        ("file0.yaml", "the time for all tries together"),
        ("file1.yaml", "the time for each try"),
        ("file0.yaml", "this root delegates to it"),
    ]
    check(timed("timeout: 9s"), retrying(), only="ML301")
    check(timed("timeout: 3s"), retrying(more="  timeout: 9s"), only="ML301")
    check(timed("timeout: 3s"), retrying().replace("cart,", "basket,"), only="ML301")


def test_the_root_s_retries_against_the_delegate_s_timeout() -> None:
    given = timed(RETRIES.format(mark="  # ML301"))
    check(given, cart(f"http:\n- route: [{TO}]\n  timeout: 3s"), only="ML301")
    check(timed(RETRIES.format(mark="")), cart(f"http:\n- route: [{TO}]\n  timeout: 9s"), only="ML301")


def test_one_root_of_two_is_enough_for_a_timeout_that_is_too_short() -> None:
    found = check(timed("timeout: 3s"), timed("timeout: 30s", "b"), retrying("  # ML301"), only="ML301")
    roots = [end for end in found[0].related if end.message == "this root delegates to it"]
    assert [end.path for end in roots] == ["file0.yaml"]


def test_a_fault_of_the_root_turns_timeouts_and_retries_off() -> None:
    inside = "timeout: 3s\n  " + RETRIES.format(mark="  # ML301")
    alone = cart(f"http:\n- route: [{TO}]\n  {inside}")
    check(alone, only="ML301")
    check(timed("timeout: 1s"), alone, only="ML301")
    fault = "fault: {delay: {fixedDelay: 1s, percentage: {value: 10}}}"
    check(timed(fault), alone.replace("  # ML301", ""), only="ML301")
    check(timed(fault), timed("timeout: 9s", "b"), alone, only="ML301")


def test_no_timeout_is_refuted_by_roots_that_all_set_one() -> None:
    alone = cart(f"http:\n- route: [{TO}]\n  {RETRIES.format(mark='  # ML335')}")
    check(alone, only="ML335")
    check(timed("timeout: 20s"), alone.replace("  # ML335", ""), only="ML335")
    check(timed("timeout: 20s"), timed("name: plain", "b"), alone, only="ML335")


# --- right or silent


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("metadata: {name: cart, namespace: shop}", "metadata: {name: cart, namespace: other}"),
        ("spec:", 'spec:\n  exportTo: ["."]'),
        ("spec:", "spec:\n  hosts: [cart]"),
        ("timeout: 1s", "timeout: [1s]"),
    ],
    ids=["another namespace", "not exported", "hosts of its own", "opaque"],
)
def test_what_istiod_does_not_merge_is_not_merged(old, new) -> None:
    delegate = cart(f"http:\n- route: [{TO}]\n  {RETRIES.format(mark='')}\n- timeout: 1s\n  route: [{TO}]")
    assert findings(timed("timeout: 3s"), delegate, only=("ML301",))
    assert not findings(timed("timeout: 3s"), delegate.replace(old, new), only=("ML301",))


def test_variants_of_a_delegate_or_a_root_are_left_alone() -> None:
    other = cart(f"http:\n- route: [{TO}]\n  timeout: 60s")
    check(timed("timeout: 3s"), retrying(), other, only="ML301")
    check(timed("timeout: 3s"), timed("timeout: 60s"), retrying(), only="ML301")


def test_a_root_that_is_not_sure_refutes_nothing() -> None:
    """Of two roots one has a variant: whether it sets a timeout nobody can tell."""
    alone = cart(f"http:\n- route: [{TO}]\n  {RETRIES.format(mark='  # ML335')}")
    check(timed("timeout: 20s"), timed("timeout: 20s", "b"), timed("name: plain", "b"), alone, only="ML335")


def test_claims_are_checked_at_the_root_s_gateway() -> None:
    gateway = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {app: public}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: v1
kind: Pod
metadata: {name: public, namespace: edge, labels: {app: public}}
spec: {containers: [{name: istio-proxy, image: proxyv2}]}
"""
    bound = PLAIN.replace("  hosts", "  gateways: [public]\n  hosts")
    own = "http:\n- match:\n  - headers: {'@request.auth.claims.group': {exact: a}}%s\n    uri: {prefix: /cart}\n"
    delegate = own + f"  route: [{TO}]"
    everything = ("--scope", "complete")
    texts = (bound, gateway, cart(delegate % "  # ML246"))
    found = findings(*texts, only=("ML246",), options=" ".join(everything))
    assert [(item.path, item.region.line) for item in found] == [("file2.yaml", 7)]
    assert not findings(cart(delegate % ""), gateway, only=("ML246",), options=" ".join(everything))


def test_a_gateway_that_the_root_is_not_bound_to() -> None:
    """The delegate's short name means a gateway of its own namespace."""
    match = "http:\n- match: [{gateways: [public], uri: {prefix: /cart}}]%s\n  route: [" + TO + "]"
    bound = PLAIN.replace("  hosts", "  gateways: [%s]\n  hosts")
    check(bound % "shop/public", cart(match % ""), only="ML249")
    check(bound % "public", cart(match % "  # ML249"), only="ML249")
    both = (bound % "public", (bound % "shop/public").replace("name: shop", "name: b"))
    check(*both, cart(match % ""), only="ML249")


def _routes(count: int) -> str:
    return cart(
        "http:\n" + "\n".join(f"- match: [{{uri: {{exact: /cart/{n}}}}}]\n  route: [{TO}]" for n in range(count))
    )


def _delegating(count: int) -> str:
    routes = (
        f"- match: [{{uri: {{prefix: /{n}}}}}]\n  delegate: {{name: d{n}, namespace: shop}}" for n in range(count)
    )
    return root("http:\n" + "\n".join(routes))


INPUTS = {
    "roots of one delegate": lambda n: [timed("timeout: 3s", f"r{i}") for i in range(n)] + [retrying()],
    "delegates of one root": lambda n: (
        [_delegating(n)] + [retrying().replace("name: cart", f"name: d{i}") for i in range(n)]
    ),
    "routes of one delegate": lambda n: [PLAIN, _routes(5 * n)],
}


@pytest.mark.parametrize("name", INPUTS)
def test_the_cost_grows_with_the_input(name) -> None:
    """Twice the input costs at most 2.3 times as many calls."""

    def calls(size: int) -> int:
        texts = ["\n---\n".join(INPUTS[name](size))]
        counted = 0

        def count(_frame, event, _argument):
            nonlocal counted
            counted += event == "call"

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            report(*texts)
        finally:
            sys.setprofile(before)
        return counted

    calls(80)  # imports what is imported late, and fills what is kept of texts that come again
    assert calls(80) <= 2.3 * calls(40)


def test_a_warm_cache_takes_back_the_same(tmp_path, capsys) -> None:
    """Results of the map step come from the cache; what a merge refutes is dropped all the same."""
    for number, text in enumerate((timed("timeout: 3s"), retrying())):
        (tmp_path / f"{number}.yaml").write_text(text)
    said = []
    for _ in range(2):
        assert run([str(tmp_path), "--cache", str(tmp_path / "cache"), "--select", "ML301,ML335", "-f", "json"]) == 1
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert [item["rule"] for item in json.loads(said[0])["findings"]] == ["ML301"]
