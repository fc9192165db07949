"""Checks of arguments, with messages that say what was expected and what was got."""

from __future__ import annotations

import torch
from torch import Tensor


def require_floating(**tensors: Tensor) -> None:
    """Raise unless every argument is a floating-point tensor and all dtypes agree."""
    first_name, first = next(iter(tensors.items()))
    for name, tensor in tensors.items():
        require_tensor(name, tensor)
        if not tensor.is_floating_point():
            raise TypeError(
                f"{name} must hold floating-point numbers, got dtype {tensor.dtype}; "
                f"write {name}.float()"
            )
        if tensor.dtype != first.dtype:
            raise TypeError(
                f"{name} must have the dtype of {first_name}, {first.dtype}, "
                f"got {tensor.dtype}; write {name}.to({first_name}.dtype)"
            )


def require_tensor(name: str, value: object) -> None:
    """Raise unless `value` is a tensor."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; "
            f"write torch.tensor({name})"
        )


def require_rank(name: str, tensor: Tensor, at_least: int, form: str) -> None:
    """Raise if `tensor` has fewer than `at_least` dimensions."""
    if tensor.dim() < at_least:
        raise ValueError(
            f"{name} must have the shape {form}, got {tuple(tensor.shape)}, "
            f"which has {tensor.dim()} dimension(s)"
        )


def require_positive_int(name: str, value: object) -> None:
    """Raise unless `value` is an integer of at least 1 (a bool is not an integer)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def require_same_size(
    name: str, tensor: Tensor, dim: int, other_name: str, other: Tensor, what: str
) -> None:
    """Raise unless two tensors have the same size along one dimension."""
    if tensor.size(dim) != other.size(dim):
        raise ValueError(
            f"{name} and {other_name} must have the same {what} (dimension {dim}), "
            f"got {tuple(tensor.shape)} and {tuple(other.shape)}"
        )


def require_broadcastable(**tensors: Tensor) -> None:
    """Raise unless the leading dimensions, all but the last two, fit together."""
    try:
        torch.broadcast_shapes(*(tensor.shape[:-2] for tensor in tensors.values()))
    except RuntimeError:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(
            "the leading dimensions (all but the last two) must be equal or "
            f"broadcast to one another, got {shapes}"
        ) from None


def require_mask(mask: Tensor, weights_shape: torch.Size) -> None:
    """Raise unless `mask` is boolean and broadcasts to the attention weights."""
    require_tensor("mask", mask)
    if mask.dtype != torch.bool:
        raise TypeError(
            "mask must be boolean, with True where a query may attend, got dtype "
            f"{mask.dtype}; write mask.bool() if it holds 1 for 'may attend' and 0 for "
            "'blocked', or mask == 0 if it holds 0 and -inf to be added to the scores"
        )
    try:
        fits = torch.broadcast_shapes(mask.shape, weights_shape) == weights_shape
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(
            "mask must broadcast to the shape of the attention weights, "
            f"{tuple(weights_shape)}, got {tuple(mask.shape)}"
        )


def require_not_empty(name: str, tensor: Tensor, dim: int, what: str) -> None:
    """Raise if `tensor` has no element along one dimension."""
    if tensor.size(dim) == 0:
        raise ValueError(
            f"the {what} of {name} (dimension {dim}) must be at least 1, "
            f"got the shape {tuple(tensor.shape)}"
        )


def require_divisor(name: str, divisor: int, whole_name: str, whole: int) -> None:
    """Raise unless `divisor` is a positive int that divides `whole`, itself not 0."""
    require_positive_int(name, divisor)
    if whole == 0 or whole % divisor:
        raise ValueError(
            f"{name} must divide {whole_name}, got {name} {divisor} and "
            f"{whole_name} {whole}"
        )
