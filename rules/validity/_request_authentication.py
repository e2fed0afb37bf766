"""What istiod refuses in a RequestAuthentication: reference rows ra-*, in the order of the object.

From `ValidateRequestAuthentication` and `validateJwtRule` of `pkg/config/validation`.
"""

from meshlint.api import Target
from meshlint.model.security.request_authentication import ClaimToHeader, JWTHeader, JWTRule, RequestAuthenticationSpec
from meshlint.values.headers import strict_header_name
from meshlint.values.key_sets import key_set
from meshlint.values.urls import http_url

from ._frame import Faults, bad_duration, fault, since
from ._selection import selection


def request_authentication(spec: RequestAuthenticationSpec, target: Target) -> Faults:
    """Every row."""
    yield from selection(spec, target)
    for rule in spec.jwt_rules or ():
        yield from jwt_rule(rule, target)


def jwt_rule(rule: JWTRule, target: Target) -> Faults:
    """The fields of a rule."""
    yield from ra_issuer(rule, target)
    yield from ra_audience(rule)
    yield from ra_jwksuri(rule)
    yield from ra_jwks(rule)
    for header in rule.from_headers or ():
        yield from ra_header_name(header)
    yield from ra_param(rule)
    if since(target, "1.21"):
        yield from ra_cookie(rule)
    for claim in rule.output_claim_to_headers or ():
        yield from ra_claim_header(claim)
    if since(target, "1.22"):
        yield from bad_duration(rule, "timeout")  # row ra-timeout


def ra_issuer(rule: JWTRule, target: Target) -> Faults:
    """An issuer; since 1.27 a rule may do without if it says where the keys are."""
    if rule.issuer:
        return
    optional = since(target, "1.27")
    if not (optional and (rule.jwks_uri or rule.jwks_uri_snake)):
        yield fault(
            rule,
            "issuer",
            what="a JWT rule without `issuer`" + (" and `jwksUri`" if optional else ""),
            why="one of them has to say whose tokens are meant"
            if optional
            else "it does not say whose tokens are meant",
            help="write the `iss` claim of the tokens, such as `https://accounts.example.com`",
        )


def ra_audience(rule: JWTRule) -> Faults:
    """No empty audience."""
    yield from _empty_text(rule, "audiences", "audience", "write what the `aud` claim holds, or remove the entry")


def ra_jwksuri(rule: JWTRule) -> Faults:
    """Where the keys are: a URL of HTTP or HTTPS."""
    attribute = "jwks_uri" if rule.jwks_uri else "jwks_uri_snake"
    text = getattr(rule, attribute)
    reason = text and http_url(text)
    if reason:
        yield fault(
            rule,
            attribute,
            what=f"`jwksUri: {text}`",
            why=reason,
            help="write a URL such as `https://accounts.example.com/.well-known/jwks.json`",
        )


def ra_jwks(rule: JWTRule) -> Faults:
    """The keys themselves, as JSON."""
    reason = rule.jwks and key_set(rule.jwks)
    if reason:
        yield fault(
            rule,
            "jwks",
            what="`jwks`",
            why=reason,
            help='write a key set, `{"keys": [{"kty": "RSA", "e": "AQAB", "n": "..."}]}`, or `jwksUri` for its address',
        )


def ra_header_name(header: JWTHeader) -> Faults:
    """A header has a name."""
    if not header.name:
        yield fault(
            header,
            "name",
            what="an entry of `fromHeaders` without `name`",
            why="it does not say where the token is",
            help="write the name of the header, such as `x-jwt-assertion`",
        )


def ra_param(rule: JWTRule) -> Faults:
    """No empty query parameter."""
    yield from _empty_text(
        rule, "from_params", "query parameter", "write the name of the parameter, or remove the entry"
    )


def ra_cookie(rule: JWTRule) -> Faults:
    """No empty cookie; since 1.21."""
    yield from _empty_text(rule, "from_cookies", "cookie", "write the name of the cookie, or remove the entry")


def ra_claim_header(claim: ClaimToHeader) -> Faults:
    """Rows ra-claim-header-empty, ra-claim-header-name."""
    if not claim.header or not claim.claim:
        yield fault(
            claim,
            "claim" if claim.header else "header",
            what=f"an entry of `outputClaimToHeaders` without `{'claim' if claim.header else 'header'}`",
            why="it needs both",
            help="write `header` and `claim`",
        )
        return
    reason = strict_header_name(claim.header)
    if reason:
        yield fault(
            claim,
            "header",
            what=f"header `{claim.header}`",
            why=reason,
            help="write letters, digits, `-` and `_`, such as `x-jwt-claim-group`",
        )


def _empty_text(rule: JWTRule, attribute: str, what: str, advice: str) -> Faults:
    for index, value in enumerate(getattr(rule, attribute) or ()):
        if not value:
            yield fault(rule, attribute, index, what=f"an empty {what}", why="it stands for nothing", help=advice)
