"""A port whose server speaks first, but that does not say it is TCP.

Where a port says no protocol, the proxy waits for the first bytes of the client to see what it speaks.
With SMTP, MySQL and their kind the server speaks first, so both wait for each other until a timeout,
and every connection is slow or fails. istiod takes ports 25, 53, 3306 and 27017 for TCP by themselves
(<https://istio.io/latest/docs/ops/deployment/application-requirements/#server-first-protocols>).

Off by default: what a port speaks is guessed by its number, or by the image of its pods.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
  - name: db
    port: 33060  # ML288
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports:
  - {name: tcp-db, port: 33060}
  - {name: mail, port: 587, appProtocol: tcp}
  - {name: mysql, port: 3306}
```
"""

from meshlint.api import Findings, Service, Severity, at, finding, rule
from meshlint.mesh.protocols import Protocol, selected

_PORTS = {
    21: "FTP",
    22: "SSH",
    110: "POP3",
    143: "IMAP",
    465: "SMTP",
    587: "SMTP",
    3307: "MySQL",
    4222: "NATS",
    33060: "MySQL",
    33061: "MySQL",
}
_NAMES = {
    "mysql": "MySQL",
    "mariadb": "MySQL",
    "galera": "MySQL",
    "smtp": "SMTP",
    "nats": "NATS",
    "ftp": "FTP",
    "ssh": "SSH",
}


@rule("ML288", "server-first-as-http", severity=Severity.INFO, since="0.1.0", default=False)
def check(service: Service) -> Findings:
    for port in service.ports:
        if not port.port or selected(port) is not Protocol.DETECTED or (port.protocol or "TCP") != "TCP":
            continue
        words = (port.name or "").lower().split("-")
        guess = _PORTS.get(port.port) or next((_NAMES[word] for word in words if word in _NAMES), None)
        if guess is not None:
            yield finding(
                at(service, port, "port"),
                f"this looks like {guess}, whose server speaks first, but the proxy waits for the client to speak",
                help="set `appProtocol: tcp`, or begin the port's name with `tcp-`",
            )
