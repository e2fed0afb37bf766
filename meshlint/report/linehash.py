"""The fingerprint of a line that GitHub code scanning matches alerts by (`primaryLocationLineHash`).

GitHub's upload action computes it where a SARIF file lacks it, the REST upload does not. The value
is that of github/codeql-action, `src/fingerprints.ts`: a polynomial hash, multiplier 37, of the 100
UTF-16 code units from the line's start on (blanks and tabs left out, line ends unified, one unit
65535 at the end of the text and zeros behind it), as 64-bit hexadecimal, then `:n` for the n-th line
with that hash.
"""

from collections.abc import Collection, Sequence

_WINDOW = 100
_MULTIPLIER = 37
_END = "\uffff" + "\0" * _WINDOW


def line_hashes(lines: Sequence[str], wanted: Collection[int]) -> dict[int, str]:
    """The fingerprints of the wanted lines, by 1-based number; numbers beyond the text have none.

    A text that ends in a line end has a last, empty line. The hash of a line is a function of its
    window, so lines are counted by their windows and only the wanted ones are hashed.
    """
    squeezed = [_squeeze(line) for line in lines]
    units = ("\n".join(squeezed) + _END).encode("utf-16-le", "surrogatepass")
    seen: dict[bytes, int] = {}
    hashes = {}
    start = 0
    for number, line in enumerate(squeezed, 1):
        window = units[start : start + 2 * _WINDOW]
        seen[window] = seen.get(window, 0) + 1
        if number in wanted:
            hashes[number] = f"{_hash(window)}:{seen[window]}"
        start += len(line.encode("utf-16-le", "surrogatepass")) + 2
    return hashes


def _squeeze(line: str) -> str:
    return line.replace(" ", "").replace("\t", "")


def _hash(window: bytes) -> str:
    value = 0
    for low, high in zip(window[::2], window[1::2], strict=True):
        value = value * _MULTIPLIER + low + 256 * high
    return f"{value & 0xFFFF_FFFF_FFFF_FFFF:x}"
