"""Checks of what is neither a number nor a tensor."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from typing import TypeVar

import torch

T = TypeVar("T")


def require_instance(name: str, value: object, kind: type) -> None:
    """Raise unless `value` is of a class."""
    if not isinstance(value, kind):
        raise TypeError(
            f"{name} must be an instance of {kind.__name__}, got {type(value).__name__}"
        )


def require_generator(name: str, value: object) -> None:
    """Raise unless `value` is a generator: None would mean torch's global one."""
    if not isinstance(value, torch.Generator):
        raise TypeError(
            f"{name} must be a torch.Generator, got {type(value).__name__}; write "
            "torch.Generator().manual_seed(0)"
        )


def require_some(name: str, value: Sized, what: str) -> None:
    """Raise if a collection is empty."""
    if len(value) == 0:
        raise ValueError(f"{name} must hold at least one {what}, got none")


def items_of(name: str, values: Iterable[T], what: str) -> list[T]:
    """Return what an iterable holds: an iterator can be read only once.

    Raises
    ------
    TypeError
        If `values` cannot be iterated over.
    """
    try:
        return list(values)
    except TypeError:
        raise TypeError(
            f"{name} must be a sequence of {what}, got {type(values).__name__}"
        ) from None
