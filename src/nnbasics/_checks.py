"""Checks of arguments, with messages that say what was expected and what was got."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Sized
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")

# PyTorch computes no softmax with smaller ones.
FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


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


def require_sequence(name: str, value: object, what: str) -> None:
    """Raise unless `value` is a sequence, other than a string."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(
            f"{name} must be a sequence of {what}, got {type(value).__name__}"
        )


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


def require_floating(**tensors: Tensor) -> None:
    """Raise unless all are floating-point tensors of one dtype and on one device."""
    first_name, first = next(iter(tensors.items()))
    for name, tensor in tensors.items():
        require_tensor(name, tensor)
        if tensor.dtype not in FLOATING:
            raise TypeError(
                f"{name} must hold floating-point numbers of 16 bits or more, got "
                f"dtype {tensor.dtype}; write {name}.float()"
            )
        if tensor.dtype != first.dtype:
            raise TypeError(
                f"{name} must have the dtype of {first_name}, {first.dtype}, "
                f"got {tensor.dtype}; write {name}.to({first_name}.dtype)"
            )
        require_device(name, tensor, first_name, first.device)


def require_device(
    name: str, tensor: Tensor, other_name: str, device: torch.device
) -> None:
    """Raise unless `tensor` is where another tensor is."""
    if tensor.device != device:
        raise ValueError(
            f"{name} must be on the device of {other_name}, {device}, "
            f"got {tensor.device}"
        )


def require_like_parameters(name: str, tensor: Tensor, parameter: Tensor) -> None:
    """Raise unless `tensor` has the dtype and the device of a module's parameters."""
    if tensor.dtype != parameter.dtype:
        raise TypeError(
            f"{name} must have the dtype of the module's parameters, "
            f"{parameter.dtype}, got {tensor.dtype}"
        )
    require_device(name, tensor, "the module's parameters", parameter.device)


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


def require_shape(name: str, tensor: Tensor, shape: tuple[int, ...], form: str) -> None:
    """Raise unless `tensor` is a tensor of exactly this shape."""
    require_tensor(name, tensor)
    if tuple(tensor.shape) != shape:
        raise ValueError(
            f"{name} must have the shape {shape}, which is {form}, got "
            f"{tuple(tensor.shape)}"
        )


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


def require_mask(
    mask: Tensor,
    weights_shape: tuple[int, ...],
    device: torch.device,
    given: tuple[int, ...] | None = None,
) -> None:
    """Raise unless `mask` is boolean and broadcasts to the attention weights.

    `given` is the shape that the caller's caller knows, if it is another one.
    """
    require_tensor("mask", mask)
    if mask.dtype != torch.bool:
        raise TypeError(
            "mask must be boolean, with True where a query may attend, got dtype "
            f"{mask.dtype}; write mask.bool() if it holds 1 for 'may attend' and 0 for "
            "'blocked', or mask == 0 if it holds 0 and -inf to be added to the scores"
        )
    require_device("mask", mask, "query", device)
    try:
        together = torch.broadcast_shapes(mask.shape, weights_shape)
        fits = tuple(together) == tuple(weights_shape)
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(
            "mask must broadcast to the shape of the attention weights, "
            f"{tuple(weights_shape)}, got {tuple(given or mask.shape)}"
        )


def require_not_empty(name: str, tensor: Tensor, dim: int, what: str) -> None:
    """Raise if `tensor` has no element along one dimension."""
    if tensor.size(dim) == 0:
        raise ValueError(
            f"the {what} of {name} (dimension {dim}) must be at least 1, "
            f"got the shape {tuple(tensor.shape)}"
        )


def require_weights(name: str, weights: Tensor) -> None:
    """Raise unless all numbers are from 0 to 1, as attention weights are."""
    if weights.min() < 0 or weights.max() > 1 + 1e-4:
        raise ValueError(
            f"{name} must hold numbers from 0 to 1, got {weights.min().item():.4g} to "
            f"{weights.max().item():.4g}; take them after the softmax"
        )
