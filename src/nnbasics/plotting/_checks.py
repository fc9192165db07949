"""Checks of what figures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnbasics import _checks as check

MOST_CURVES = 5  # as many markers as there are


def require_panels(name: str, panels: Mapping[str, object], columns: int = 1) -> None:
    """Raise unless there is something to draw, in at least one column."""
    check.require_some(name, panels, "panel to draw")
    check.require_positive_int("columns", columns)


def require_curves(
    curves: Mapping[str, Sequence[float]], x: Sequence[float] | None
) -> None:
    """Raise unless there are one to five curves, with a value for each place."""
    check.require_some("curves", curves, "curve")
    if len(curves) > MOST_CURVES:
        raise ValueError(
            f"curves must hold at most {MOST_CURVES} curves, as many as there are "
            f"markers, got {len(curves)}"
        )
    lengths = {label: len(values) for label, values in curves.items()}
    wanted = len(next(iter(curves.values()))) if x is None else len(x)
    if wanted == 0 or set(lengths.values()) != {wanted}:
        raise ValueError(
            "curves must have one value for each place on the x axis, the same number "
            f"of at least 1 for every curve, got {lengths} for {wanted} place(s)"
        )
