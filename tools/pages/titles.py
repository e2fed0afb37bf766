"""Headings of the folders of rules."""

TOPICS = {
    "input": "Input and suppressions",
    "schema": "Schema and releases",
    "validity": "What Istio's webhook refuses",
    "routing": "Routing",
    "resilience": "Resilience",
    "security": "Security",
    "gateways": "Gateways and certificates",
    "workloads": "Services and workloads",
    "scope": "Scope and discovery",
    "extensions": "Telemetry and EnvoyFilter",
    "ambient": "Gateway API and ambient",
}
"""The title of each folder of rules, in the order of the codes; a folder that is not here goes by its name."""


def topic_title(topic: str) -> str:
    """The heading of a folder of rules."""
    return TOPICS.get(topic, topic.capitalize())
