"""A webhook of Istio with an address that does not lead to a control plane.

A remote cluster calls its control plane by the `url` of the webhooks. Without one, and without a
`service`, nothing is called: no validation, no injection. An IP address works only as long as it is the
control plane's, and its certificate must name it
(https://istio.io/latest/docs/setup/install/external-controlplane/).

### Bad

```yaml
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: istio-validator-istio-system
webhooks:
- name: rev.validation.istio.io
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:  # ML630
    caBundle: Q0E=
```

### Good

```yaml
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: istio-validator-istio-system
webhooks:
- name: rev.validation.istio.io
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:
    url: https://istiod.example.com:15017/validate
```
"""

import re
from collections.abc import Iterator

from meshlint.api import (
    Findings,
    MutatingWebhookConfiguration,
    Place,
    Severity,
    ValidatingWebhookConfiguration,
    at,
    finding,
    rule,
)
from meshlint.mesh.host_names import is_address

Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration
_URL = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[^\s:/?#\[\]]+)(?::[0-9]*)?(?:[/?#]|\Z)"
)
_OWN = {
    "MutatingWebhookConfiguration": ("istio-sidecar-injector",),
    "ValidatingWebhookConfiguration": ("istiod-default-validator", "istio-validator"),
}


@rule("ML630", "control-plane-address", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0163", "IST0164"))
def check(configuration: Configuration) -> Findings:
    if not configuration.name.startswith(_OWN[configuration.kind]):
        return
    for place, url, name in _addresses(configuration):
        if url is None:
            yield finding(
                place,
                f"webhook `{name}` has neither `url` nor `service`: the API server cannot call it",
                help="write the `url` of the external control plane",
                equivalents=("IST0163",),
            )
        elif _host(url) is None:
            yield finding(
                place,
                f"`{url}` is no URL: the API server cannot call webhook `{name}`",
                help="write `https://HOST:15017/...`",
                equivalents=("IST0163",),
            )
        elif is_address(_host(url) or ""):
            yield finding(
                place,
                f"webhook `{name}` calls the control plane by an IP address, which may change",
                help="use a host name",
                equivalents=("IST0164",),
            )


def _addresses(configuration: Configuration) -> Iterator[tuple[Place, str | None, str]]:
    """Of each webhook without Service: the place of its address, the address, its name."""
    for webhook in configuration.webhooks or ():
        config = webhook.client_config
        if config is not None and config.service is not None:
            continue
        url = config.url if config else None
        place = (
            at(configuration, config, "url")
            if config and url is not None
            else at(configuration, webhook, "client_config")
        )
        yield place, url, webhook.name or ""


def _host(url: str) -> str | None:
    """The host of a URL; None where it has none."""
    found = _URL.match(url)
    return found[1].strip("[]") if found else None
