"""Checks of numbers."""

from __future__ import annotations

import math


def require_int(name: str, value: object) -> None:
    """Raise unless `value` is an integer (a bool is not an integer)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {value!r}")


def require_positive_int(name: str, value: int) -> None:
    """Raise unless `value` is an integer of at least 1."""
    require_int(name, value)
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def require_divisor(name: str, divisor: int, whole_name: str, whole: int) -> None:
    """Raise unless `divisor` is a positive int that divides `whole`, itself not 0."""
    require_positive_int(name, divisor)
    if whole == 0 or whole % divisor:
        raise ValueError(
            f"{name} must divide {whole_name}, got {name} {divisor} and "
            f"{whole_name} {whole}"
        )


def require_number(name: str, value: object) -> None:
    """Raise unless `value` is an int or a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, got {value!r}")


def require_positive_number(name: str, value: float) -> None:
    """Raise unless `value` is a finite number more than 0."""
    require_number(name, value)
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be more than 0 and finite, got {value}")


def require_share(name: str, value: float) -> None:
    """Raise unless `value` is a number from 0 to 1."""
    require_number(name, value)
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be a share from 0 to 1, got {value}")
