"""Istio's CEL rules, 1.20 and later."""

from meshlint.schemas.constraints.base import Constraint


def _one_of(name: str, message: str, *names: str, spellings: tuple[str, ...]) -> Constraint:
    return Constraint(name, message, spellings, names=names, help="keep one of them")


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint(
        "duration-1ms",
        "`{value}` is no duration of at least 1ms",
        ("duration(self) >= duration('1ms')",),
        help="write a number with a unit: `500ms`, `10s`, `1h30m` (units: h, m, s, ms; no days)",
    ),
    Constraint(
        "no-star-value",
        "the label value `{value}` holds `*`, but selectors compare values exactly and know no wildcard",
        ("!self.contains('*')",),
        help="write the whole value, or leave the label out to match any",
    ),
    Constraint(
        "no-star-key",
        "the label key `{value}` holds `*`, but selectors know no wildcard",
        ("self.all(key, !key.contains('*'))",),
        help="write the whole key",
    ),
    Constraint("no-empty-key", "a selector has an empty label key", ("self.all(key, key.size() != 0)",)),
    Constraint(
        "must-be-empty",
        "a target in another namespace (`{value}`) is not supported: the policy and its target share one namespace",
        ("self.size() == 0",),
        help="remove `namespace` and put the policy into the namespace of its target",
    ),
    Constraint("port-range", "`{value}` is no port: ports go from 1 to 65535", ("0 < self && self <= 65535",)),
    _one_of(
        "one-target",
        "a policy picks its workloads in one way only",
        "selector",
        "targetRef",
        "targetRefs",
        spellings=(
            "(has(self.selector)?1:0)+(has(self.targetRef)?1:0)+(has(self.targetRefs)?1:0)<=1",
            "(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1",
        ),
    ),
    _one_of(
        "one-target-2",
        "an extension picks its workloads in one way only",
        "selector",
        "targetRefs",
        spellings=("(has(self.selector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1",),
    ),
    _one_of(
        "selector-or-targetrefs-ef",
        "an EnvoyFilter picks its workloads in one way only",
        "workloadSelector",
        "targetRefs",
        spellings=("(has(self.workloadSelector) ? 1 : 0) + (has(self.targetRefs) ? 1 : 0) <= 1",),
    ),
    _one_of(
        "selector-or-endpoints",
        "the endpoints of a ServiceEntry are either listed or selected",
        "workloadSelector",
        "endpoints",
        spellings=("(has(self.workloadSelector) ? 1 : 0) + (has(self.endpoints) ? 1 : 0) <= 1",),
    ),
    _one_of(
        "one-of-certs-names",
        "the server's certificates come from files or from secrets, not both",
        "tlsCertificates",
        "credentialNames",
        spellings=(
            "(has(self.tlsCertificates) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1",
            "(has(self.credentialNames) ? 1 : 0) + (has(self.tlsCertificates) ? 1 : 0) <= 1",
        ),
    ),
    _one_of(
        "one-of-name-names",
        "the server's secrets are given as one name or as a list",
        "credentialName",
        "credentialNames",
        spellings=("(has(self.credentialName) ? 1 : 0) + (has(self.credentialNames) ? 1 : 0) <= 1",),
    ),
    _one_of(
        "one-jwks",
        "the keys of an issuer are given once: by URL or inline",
        "jwksUri",
        "jwks_uri",
        "jwks",
        spellings=(
            "(has(self.jwksUri)?1:0)+(has(self.jwks_uri)?1:0)+(has(self.jwks)?1:0)<=1",
            "(has(self.jwksUri) ? 1 : 0) + (has(self.jwks_uri) ? 1 : 0) + (has(self.jwks) ? 1 : 0) <= 1",
        ),
    ),
    Constraint(
        "jwks-url",
        "`{value}` is no absolute URL with http:// or https://, so the keys cannot be fetched",
        ("url(self).getScheme() in ['http', 'https']",),
        help="write the whole URL: `https://issuer.example.com/.well-known/jwks.json`",
    ),
    Constraint(
        "uds-no-ports",
        "a Unix domain socket (`unix://...`) has no ports",
        (
            "(has(self.address) && self.address.startsWith('unix://')) ? !has(self.ports) : true",
            "(has(self.address) ? self.address : '').startsWith('unix://') ? !has(self.ports) : true",
        ),
        field="ports",
        help="remove `ports`",
    ),
    Constraint(
        "uds-absolute",
        "the socket `{value}` is neither an absolute path (`unix:///...`) nor abstract (`unix://@...`)",
        ("self.startsWith('unix://') ? (self.substring(7, 8) == '/' || self.substring(7, 8) == '@') : true",),
    ),
    Constraint(
        "uds-not-dir",
        "the socket `{value}` ends in `/`, so it names a folder",
        ("self.startsWith('unix://') ? !self.endsWith('/') : true",),
    ),
    Constraint(
        "address-or-network",
        "a workload without `address` needs `network`: it can only be reached through that network's gateway",
        ("has(self.address) || has(self.network)",),
        help="set `address`",
    ),
    Constraint(
        "port-name-keys",
        "`{value}` is no port name: letters, digits and `-`, with a letter or digit at both ends, "
        "and shorter than 63 characters",
        ("self.all(key, size(key) < 63 && key.matches('^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$'))",),
    ),
    Constraint(
        "port-keys",
        "`{value}` is no port: the keys of `portLevelMtls` are numbers from 1 to 65535",
        ("self.all(key, 0 < int(key) && int(key) <= 65535)",),
        help="write the number of the workload's port, not its name",
    ),
    Constraint(
        "portlevel-needs-selector",
        "`portLevelMtls` works only with a `selector` that has labels: without one, no port is configured",
        (
            (
                "(has(self.selector) && has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0) "
                "|| !has(self.portLevelMtls)"
            ),
            (
                "has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? "
                "self.selector.matchLabels : {}).size() > 0) : true"
            ),
        ),
        field="portLevelMtls",
        help="add `selector.matchLabels`",
    ),
    Constraint(
        "cidr-resolution",
        "an address range (CIDR) goes only with `resolution: NONE` or `STATIC`, not `{value}`",
        (
            (
                "!(has(self.addresses) && self.addresses.exists(k, k.contains('/')) && "
                "(has(self.resolution) && self.resolution != 'STATIC' && self.resolution != 'NONE'))"
            ),
            (
                "!((has(self.addresses) ? self.addresses : []).exists(k, k.contains('/')) && "
                "!((has(self.resolution) ? self.resolution : 'NONE') in ['STATIC', 'NONE']))"
            ),
        ),
        field="resolution",
        help="list single addresses, or use `NONE` or `STATIC`",
    ),
    Constraint(
        "none-no-endpoints",
        "with `resolution: NONE` (also the default) traffic goes to the address the client asked for, "
        "so `endpoints` may not be set",
        (
            "(!has(self.resolution) || self.resolution == 'NONE') ? !has(self.endpoints) : true",
            "((has(self.resolution) ? self.resolution : 'NONE') == 'NONE') ? !has(self.endpoints) : true",
        ),
        field="endpoints",
        help="set `resolution: STATIC` (addresses) or `DNS` (host names), or remove `endpoints`",
    ),
    Constraint(
        "dnsrr-endpoints",
        "`resolution: DNS_ROUND_ROBIN` takes at most one endpoint",
        (
            (
                "((has(self.resolution) ? self.resolution : '') == 'DNS_ROUND_ROBIN') ? "
                "((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true"
            ),
        ),
        field="endpoints",
        help="use `resolution: DNS` for several endpoints",
    ),
    Constraint(
        "dnsrr-endpoints-24",
        "`resolution: DNS_ROUND_ROBIN` takes exactly one endpoint, or no `endpoints`",
        (
            (
                "(has(self.resolution) && self.resolution == 'DNS_ROUND_ROBIN') ? "
                "(!has(self.endpoints) || size(self.endpoints) == 1) : true"
            ),
        ),
        field="endpoints",
        help="use `resolution: DNS` for several endpoints",
    ),
    Constraint(
        "not-star",
        "a ServiceEntry for every host (`*`) is not allowed",
        ("self != '*'",),
        help="narrow it: `*.example.com`",
    ),
    Constraint(
        "unique-port-number",
        "a port number of a ServiceEntry may occur once only",
        ("self.all(l1, self.exists_one(l2, l1.number == l2.number))",),
        help="remove the second port, or give it another number",
    ),
    Constraint(
        "probe-scheme",
        "`{value}` is no scheme of a probe",
        ("self in ['', 'HTTP', 'HTTPS']",),
        help="write `HTTP` or `HTTPS`, in capitals",
    ),
    Constraint(
        "sa-alone",
        "`serviceAccounts` and `notServiceAccounts` already name a namespace and a principal: they cannot be combined "
        "with `principals`, `notPrincipals`, `namespaces` or `notNamespaces`",
        (
            (
                "(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && "
                "!has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true"
            ),
        ),
        help="write the namespace into the account: `namespace/account`",
    ),
    Constraint(
        "waypoint-context",
        "`match.waypoint` and `context: WAYPOINT` go together: both or neither",
        (
            (
                "has(self.context) ? ((self.context == 'WAYPOINT') ? has(self.waypoint) : !has(self.waypoint)) "
                ": !has(self.waypoint)"
            ),
        ),
        field="waypoint",
    ),
    Constraint(
        "env-value-inline",
        "with `valueFrom: HOST` the value is taken from the proxy's environment, so `value` may not be set",
        ("(has(self.valueFrom) ? self.valueFrom : '') != 'HOST' || !has(self.value)",),
        field="value",
        help="remove `value`, or use `valueFrom: INLINE`",
    ),
    Constraint(
        "wasm-url",
        "`{value}` is no place to load a module from: neither a URL with oci, http, https or file, nor an image name",
        (
            (
                "isURL(self) ? (url(self).getScheme() in ['', 'http', 'https', 'oci', 'file']) : (isURL('http://' + self) "
                "&& url('http://' +self).getScheme() in ['', 'http', 'https', 'oci', 'file'])"
            ),
            (
                "isURL(self) ? (url(self).getScheme() in ['', 'http', 'https', 'file', 'oci']) : (isURL('http://' + self) "
                "&& url('http://' + self).getScheme() in ['', 'http', 'https', 'file', 'oci'])"
            ),
        ),
        help="write `oci://registry/image:tag`, `https://...` or `file://...`",
    ),
    Constraint(
        "upsert-value",
        "`operation: UPSERT` needs a `value` that is not empty",
        (
            "((has(self.operation) ? self.operation : '') == 'UPSERT') ? self.value != '' : true",
            "((has(self.operation) ? self.operation : '') == 'UPSERT') ? (self.value != '') : true",
        ),
        field="value",
    ),
    Constraint(
        "remove-no-value",
        "`operation: REMOVE` takes no `value`",
        ("((has(self.operation) ? self.operation : '') == 'REMOVE') ? !has(self.value) : true",),
        field="value",
        help="remove `value`, or use `operation: UPSERT`",
    ),
    Constraint(
        "wasm-xor-lua",
        "an extension is either `wasm` or `lua`: exactly one must be set",
        ("has(self.wasm) != has(self.lua)",),
    ),
    Constraint(
        "target-kind-2",
        "only a Service or a Gateway of the Gateway API can be a target in this release",
        ("[self.group, self.kind] in [['core','Service'], ['','Service'], ['gateway.networking.k8s.io','Gateway']]",),
        field="kind",
        help="set `group` as well: `gateway.networking.k8s.io` for a Gateway, empty for a Service",
    ),
    Constraint(
        "target-kind-3",
        "only a Service, a ServiceEntry or a Gateway of the Gateway API can be a target in this release",
        (
            (
                "[self.group, self.kind] in [['core','Service'], ['','Service'], "
                "['gateway.networking.k8s.io','Gateway'], ['networking.istio.io','ServiceEntry']]"
            ),
        ),
        field="kind",
        help="set `group` as well: `gateway.networking.k8s.io` for a Gateway, `networking.istio.io` for a "
        "ServiceEntry, empty for a Service",
    ),
)
