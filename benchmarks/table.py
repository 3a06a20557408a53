"""Tables of figures with their spread, for cases that compare more than two things."""

from collections.abc import Sequence

from benchmarks.figures import Spread


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines with aligned columns: the first one to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    return [
        f"  {cells[0]:<{widths[0]}}"
        + "".join(f"  {cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True))
        for cells in (headings, *rows)
    ]


def cell(value: Spread | None, decimals: int = 0) -> str:
    """Return a figure with its least and its greatest value, or a dash for none."""
    if value is None:
        return "-"
    return f"{value.middle:,.{decimals}f} ({value.lowest:,.{decimals}f} to {value.highest:,.{decimals}f})"
