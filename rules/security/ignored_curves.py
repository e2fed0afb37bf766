"""Curves for TLS that Istio does not know, or that are listed twice.

Of `tlsDefaults.ecdhCurves` in mesh config istiod passes on what it knows, once, and says so in its
log. The curves are P-224, P-256, P-384, P-521 and X25519; X25519MLKEM768 since Istio 1.26,
X25519Kyber768Draft00 since 1.23, CECPQ2 until 1.22 (`ValidECDHCurves` in `pkg/config/security` of
istio/istio).

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    tlsDefaults:
      ecdhCurves:
      - X25519
      - secp256r1  # ML432
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    tlsDefaults:
      ecdhCurves:
      - X25519
      - P-256
```
"""

from meshlint.api import Findings, MeshConfig, Severity, Target, at, finding, is_before, rule

_ALWAYS = ("P-224", "P-256", "P-384", "P-521", "X25519")


@rule("ML432", "ignored-curves", severity=Severity.WARNING, since="0.1.0")
def check(config: MeshConfig, target: Target) -> Findings:
    defaults = config.spec.tls_defaults if config.spec else None
    if defaults is None:
        return
    known, seen = _known(target), set[str]()
    for index, curve in enumerate(defaults.ecdh_curves or ()):
        if curve and curve not in known:
            yield finding(
                at(config, defaults, "ecdh_curves", index),
                f"Istio {target.istio} does not know the curve `{curve}` and leaves it out",
                help=f"write one of {', '.join(known)}",
            )
        elif curve in seen:
            yield finding(
                at(config, defaults, "ecdh_curves", index),
                f"the curve `{curve}` is listed before, so this entry does nothing",
                help="remove it",
            )
        seen.add(curve)


def _known(target: Target) -> tuple[str, ...]:
    newer = ("CECPQ2",) if is_before(target.istio, "1.23") else ("X25519Kyber768Draft00",)
    return (*_ALWAYS, *newer, *(() if is_before(target.istio, "1.26") else ("X25519MLKEM768",)))
