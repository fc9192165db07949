"""Checks of tensors."""

from __future__ import annotations

import torch
from torch import Tensor

# PyTorch computes no softmax with smaller ones.
FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


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
