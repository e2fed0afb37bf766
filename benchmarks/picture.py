"""Curves of growth as SVG, by hand: both axes logarithmic, so that linear growth is a straight line of one slope."""

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 860, 420, 60, 40, 330, 50
_COLORS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f")


def drawn(curves: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Each curve from its first size, as (size, seconds); the axes show how much more there is, and how much longer it takes."""
    lines = []
    for number, (name, curve) in enumerate(curves.items()):
        color = _COLORS[number % len(_COLORS)]
        points = [(size / curve[0][0], max(seconds / curve[0][1], 1)) for size, seconds in curve]
        path = " ".join(f"{_x(size):.1f},{_y(seconds):.1f}" for size, seconds in points)
        height = _TOP + 12 + number * 22
        lines += [
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<line x1="{_WIDTH - _RIGHT + 20}" y1="{height}" x2="{_WIDTH - _RIGHT + 44}" y2="{height}" stroke="{color}" stroke-width="2"/>',
            f'<text x="{_WIDTH - _RIGHT + 50}" y="{height + 4}">{escape(name)}</text>',
        ]
    return "\n".join([_HEAD, *_axes(), *lines, "</svg>"]) + "\n"


_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="12">'
    "<title>How the time of a run grows with its input</title>"
    f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
)


def _axes() -> list[str]:
    found = [
        f'<line x1="{_x(1):.1f}" y1="{_y(1):.1f}" x2="{_x(4):.1f}" y2="{_y(4):.1f}" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<text x="{_x(4) - 4:.1f}" y="{_y(4) - 8:.1f}" fill="#888" text-anchor="end">as much longer as there is more</text>',
        f'<text x="{_LEFT}" y="{_TOP - 16}">time, as a multiple</text>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 12}" text-anchor="end">input, as a multiple</text>',
    ]
    for tick in (1, 2, 4):
        found += [
            f'<line x1="{_LEFT}" y1="{_y(tick):.1f}" x2="{_WIDTH - _RIGHT}" y2="{_y(tick):.1f}" stroke="#eee"/>',
            f'<text x="{_LEFT - 8}" y="{_y(tick) + 4:.1f}" text-anchor="end">{tick}</text>',
            f'<text x="{_x(tick):.1f}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{tick}</text>',
        ]
    return found


def _x(multiple: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log(multiple, 4)


def _y(multiple: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * math.log(multiple, 5)
