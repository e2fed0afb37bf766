"""A DestinationRule without `tls` takes that of a wider one away.

For a host only the rule with the most specific host counts; nothing is inherited from a rule for
`*.example.com`. Requests that the wider rule would have sent with TLS go out as they are, mostly in plain text
(<https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule>,
<https://github.com/istio/istio/issues/6279>).

A wider rule with `ISTIO_MUTUAL` is no loss, since auto mTLS does the same; Kiali reports these too. Where
`enableAutoMtls: false` is known, it is: clients send plain text.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: legacy, namespace: shop}
spec:
  host: "*.legacy.example"
  trafficPolicy:
    tls: {mode: SIMPLE}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.legacy.example
  trafficPolicy:  # ML410
    connectionPool:
      tcp: {maxConnections: 100}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: legacy, namespace: shop}
spec:
  host: "*.legacy.example"
  trafficPolicy:
    tls: {mode: SIMPLE}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: bank, namespace: shop}
spec:
  host: bank.legacy.example
  trafficPolicy:
    tls: {mode: SIMPLE}
    connectionPool:
      tcp: {maxConnections: 100}
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule

_ENDS = {
    "SIMPLE": "its host is sent plain text instead of TLS",
    "MUTUAL": "its host is sent plain text instead of TLS",
    "ISTIO_MUTUAL": "without auto mTLS its host is sent plain text",
}


@rule("ML410", "lost-client-tls", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0204",))
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    if mesh.destination_rules.tls_modes.isdisjoint(_ENDS):
        return
    spec = destination_rule.spec
    policy = spec.traffic_policy if spec else None
    if spec is None or not spec.host or spec.workload_selector or policy is None or policy.tls is not None:
        return
    if any(entry.tls for entry in policy.port_level_settings or ()):
        return
    for wider in mesh.destination_rules.wider(destination_rule):
        tls = wider.spec.traffic_policy.tls if wider.spec and wider.spec.traffic_policy else None
        mode = (tls.mode or "DISABLE") if tls else ""
        if mode in _ENDS and (mode != "ISTIO_MUTUAL" or not mesh.settings.auto_mtls):
            yield finding(
                at(destination_rule, spec, "traffic_policy"),
                f"takes the place of the wider rule `{wider.name}` with its `tls` ({mode}): {_ENDS[mode]}",
                help=f"repeat `tls: {{mode: {mode}}}` here; where plain text is meant, say so with `mode: DISABLE`",
                related=[(at(wider, tls), "the settings that are lost")],
            )
        break
