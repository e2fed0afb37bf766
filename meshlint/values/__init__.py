"""Formats of values that several kinds of Istio share, as istiod checks them: one module per family.

Every check takes a value and answers `None` when it is fine, or a *reason*: a short clause without
capital and full stop that goes on after a colon (`the label "a_b" holds "_"`), so that a rule
writes f"istiod refuses host `{host}`: {reason}". Reasons name the part of the value that is wrong,
not the whole of it. Verdicts of texts are remembered, since a mesh repeats its hosts and durations.

Where a format comes from is said at each check: `pkg/config/validation`, `pkg/config/labels` and
`pkg/config/validation/agent` of istio/istio.
"""

Reason = str | None
"""`None`: the value is fine. Else why it is not."""

LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
ALPHANUMERIC = f"{LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_made_of(text: str, inner: str, ends: str) -> bool:
    """Whether a text has no other characters than `inner`, and at both ends one of `ends`; an empty one has not.

    Most names are checked so: a regular expression would be compiled in every run.
    """
    return bool(text) and not text.strip(inner) and text[0] in ends and text[-1] in ends
