"""Whether a text can hold a silencer at all: cheap, asked of every source."""

MARKER = "meshlint:"
ANNOTATION = "meshlint.dev/ignore"
GALLEY = "galley.istio.io/analyze-suppress"


def holds_marker(text: str) -> bool:
    """Whether one of the words that begin a silencer is in the text. Only then is it worth a parse."""
    return MARKER in text or ANNOTATION in text or GALLEY in text
