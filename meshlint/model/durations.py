"""Durations as Istio's fields hold them: text that Go's `time.ParseDuration` reads."""

from decimal import Decimal
from functools import lru_cache

from meshlint.schemas import golang


@lru_cache(maxsize=4096)
def seconds(text: str | None) -> Decimal | None:
    """Seconds of a duration such as `1m30s`, exactly; None where there is none or the text is no duration."""
    if text is None:
        return None
    try:
        return Decimal(golang.duration(text)).scaleb(-9)
    except ValueError:
        return None


def duration_text(duration: Decimal) -> str:
    """Seconds as Go would write them: `300ms`, `1.5s`, `1m30s`."""
    if duration == 0:
        return "0s"
    if duration < 1:
        return f"{_plain(duration * 1000)}ms"
    minutes, rest = divmod(duration, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{_plain(value)}{unit}" for value, unit in parts if value)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
