"""Reading and comparing what a reader's function returned."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises._answers import UnreadableAnswerError, tensor_from


def read_result(result: object) -> Tensor:
    """Turn what a function returned into a tensor, or say what it must return."""
    # (output, weights), as the package's own functions return them
    if isinstance(result, tuple) and len(result) == 2:
        result = result[0]
    try:
        tensor = tensor_from(result)
    except (TypeError, ValueError, RuntimeError):
        tensor = None
    if tensor is None or tensor.is_complex():
        raise UnreadableAnswerError(
            "The function must return a tensor, a numpy array, a number or nested "
            f"lists of numbers with rows of equal length. Got {type(result).__name__}."
        )
    return tensor


def without_extra_dimensions(result: Tensor, expected: Tensor) -> Tensor:
    """Drop leading dimensions of size 1 that the right result does not have."""
    while result.dim() > expected.dim() and result.size(0) == 1:
        result = result.squeeze(0)
    return result


def same(result: Tensor, other: Tensor) -> bool:
    """Compare shapes and values; NaN is the same as NaN."""
    return result.shape == other.shape and torch.allclose(
        result.double(), other.double(), rtol=1e-4, atol=1e-5, equal_nan=True
    )


def difference(result: Tensor, expected: Tensor) -> str:
    """Say in which shape, or at which position first, a result is not the right one."""
    if result.shape != expected.shape:
        return (
            f"The result should have the shape {tuple(expected.shape)} and has "
            f"{tuple(result.shape)}."
        )
    close = torch.isclose(result.double(), expected.double(), rtol=1e-4, atol=1e-5)
    position = tuple((~close).nonzero()[0].tolist())
    where = f"At position {list(position)}, counted from 0, the" if position else "The"
    return (
        f"{where} result should be {_show(expected[position])} and is "
        f"{_show(result[position])}."
    )


def _show(value: Tensor) -> str:
    return str(value.item()) if value.dtype == torch.bool else f"{value.item():.4g}"
