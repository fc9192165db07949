"""Checks of arguments, with messages that say what was expected and what was got."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized

import torch
from torch import Tensor, nn

# PyTorch computes no softmax with smaller ones.
FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)

PARAMETERS = "the module's parameters"

# -- layers and their sizes


def require_sizes(**sizes: int) -> None:
    """Raise unless all are integers of at least 1."""
    for name, size in sizes.items():
        require_positive_int(name, size)


def require_network_input(x: Tensor, layer: nn.Linear, form: str) -> None:
    """Raise unless the first layer of a network can take `x`."""
    require_floating(x=x)
    require_shape("x", x, (*x.shape[:-1], layer.in_features), form)
    require_alike("x", x, PARAMETERS, layer.weight)


def require_sequences(x: Tensor, layer: nn.Linear) -> None:
    """Raise unless `x` holds sequences of vectors that a layer can take."""
    form = "(batch, length, d_model)"
    require_floating(x=x)
    require_shape("x", x, (*x.shape[:2], layer.in_features), form)
    require_alike("x", x, PARAMETERS, layer.weight)
    require_not_empty("x", x, 1, "length")


# -- tensors


def require_tensor(name: str, value: object) -> None:
    """Raise unless `value` is a tensor."""
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; "
            f"write torch.tensor({name})"
        )


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
        require_alike(name, tensor, first_name, first)


def require_alike(name: str, tensor: Tensor, other_name: str, other: Tensor) -> None:
    """Raise unless two tensors have one dtype and are on one device."""
    if tensor.dtype != other.dtype:
        raise TypeError(
            f"{name} must have the dtype of {other_name}, {other.dtype}, got "
            f"{tensor.dtype}; write {name}.to({other.dtype})"
        )
    require_device(name, tensor, other_name, other.device)


def require_device(
    name: str, tensor: Tensor, other_name: str, device: torch.device
) -> None:
    """Raise unless a tensor is on the device of another."""
    if tensor.device != device:
        raise ValueError(
            f"{name} must be on the device of {other_name}, {device}, "
            f"got {tensor.device}"
        )


def require_rank(name: str, tensor: Tensor, at_least: int, form: str) -> None:
    """Raise unless `tensor` is a tensor with at least so many dimensions."""
    require_tensor(name, tensor)
    if tensor.dim() < at_least:
        raise ValueError(
            f"{name} must have the shape {form}, got {tuple(tensor.shape)}, "
            f"which has {tensor.dim()} dimension(s)"
        )


def require_tokens(tokens: Tensor, at_most: int) -> None:
    """Raise unless `tokens` are sequences that are short enough."""
    require_rank("tokens", tokens, 2, "(batch, length)")
    if tokens.size(1) > at_most:
        raise ValueError(
            f"tokens must have at most {at_most} positions, got {tokens.size(1)}"
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


def require_not_empty(name: str, tensor: Tensor, dim: int, what: str) -> None:
    """Raise if `tensor` has no element along one dimension."""
    if tensor.size(dim) == 0:
        raise ValueError(
            f"the {what} of {name} (dimension {dim}) must be at least 1, "
            f"got the shape {tuple(tensor.shape)}"
        )


def require_weights(name: str, weights: Tensor) -> None:
    """Raise unless all numbers are from 0 to 1, as attention weights are."""
    if not ((weights >= 0) & (weights <= 1 + 1e-4)).all():
        raise ValueError(
            f"{name} must hold numbers from 0 to 1, got {weights.min().item():.4g} to "
            f"{weights.max().item():.4g}; take them after the softmax"
        )


# -- numbers and everything else


def require_int(name: str, value: object) -> None:
    """Raise unless `value` is an integer (a bool is not an integer)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, got {value!r}")


def require_index(name: str, value: int, size: int) -> None:
    """Raise unless `value` is an integer from 0 to `size` - 1."""
    require_int(name, value)
    if not 0 <= value < size:
        raise ValueError(f"{name} must be from 0 to {size - 1}, got {value}")


def require_positive_int(name: str, value: int) -> None:
    """Raise unless `value` is an integer of at least 1."""
    require_int(name, value)
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def require_number(name: str, value: object) -> None:
    """Raise unless `value` is an int or a float."""
    # a tuple, as torch 2.3 compiles no union of types
    if isinstance(value, bool) or not isinstance(value, (int, float)):
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


def require_sequence(name: str, value: object, what: str) -> None:
    """Raise unless `value` is a sequence, other than a string."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(
            f"{name} must be a list or another sequence of {what}, got "
            f"{type(value).__name__}"
        )


def require_some(name: str, value: Sized, what: str) -> None:
    """Raise if a collection is empty."""
    if len(value) == 0:
        raise ValueError(f"{name} must hold at least one {what}, got none")
