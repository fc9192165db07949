"""Numbers as text that a browser unpacks again: short, and exact to a known step."""

from __future__ import annotations

import base64
from typing import TypedDict

import numpy as np
from torch import Tensor

__all__ = ["Packed", "pack_exactly", "pack_in_steps", "rounded"]


class Packed(TypedDict):
    """Packed numbers: base64 of little-endian numbers.

    If `step` is 0 they are float32; otherwise they are whole numbers of `bytes` bytes,
    to be multiplied by `step`.
    """

    packed: str
    bytes: int
    step: float


def pack_exactly(numbers: Tensor) -> Packed:
    """Pack float32 numbers as they are: four bytes each."""
    values = numbers.detach().cpu().numpy().astype("<f4")
    return Packed(packed=_base64(values.tobytes()), bytes=4, step=0.0)


def pack_in_steps(
    numbers: Tensor, *, bytes_each: int, step: float | None = None
) -> Packed:
    """Pack numbers as multiples of a step, with one, two or three bytes each.

    Without a given step it is the smallest with which the largest number fits.
    """
    multiples, step = _multiples(numbers, bytes_each, step)
    every = multiples.astype("<i4").reshape(-1, 1).view("u1")  # (count, 4 bytes)
    return Packed(
        packed=_base64(every[:, :bytes_each].tobytes()), bytes=bytes_each, step=step
    )


def rounded(numbers: Tensor, *, bytes_each: int) -> Tensor:
    """Return the numbers that a browser gets from :func:`pack_in_steps`, as float64."""
    multiples, step = _multiples(numbers, bytes_each, None)
    return numbers.new_tensor(multiples * step, dtype=numbers.double().dtype)


def _multiples(
    numbers: Tensor, bytes_each: int, step: float | None
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], float]:
    values = numbers.detach().cpu().numpy().astype(np.float64)
    if step is None:
        largest = float(np.abs(values).max(initial=0.0)) or 1.0
        step = largest / (2 ** (8 * bytes_each - 1) - 1)
    return np.rint(values / step), step


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
