"""Checks of arguments, with messages that say what was expected and what was got."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized

import torch
from torch import Tensor, nn

# PyTorch computes no softmax with smaller ones.
FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)

PARAMETERS = "the module's parameters"

# -- what the taught functions are called with


def require_attention_inputs(query: Tensor, key: Tensor, mask: Tensor | None) -> None:
    """Raise unless queries and keys fit together, and the mask fits their weights."""
    require_floating(query=query, key=key)
    require_rank("query", query, 2, "(..., q_len, d_k)")
    require_rank("key", key, 2, "(..., k_len, d_k)")
    require_same_size("query", query, -1, "key", key, "size d_k")
    require_not_empty("query", query, -1, "size d_k")
    require_not_empty("key", key, -2, "number of keys k_len")
    leading = _broadcast(query=query, key=key)
    if mask is not None:
        _require_boolean(mask)
        _require_device("mask", mask, "query", query.device)
        _require_broadcast_to(mask, (*leading, query.size(-2), key.size(-2)))


def require_values(query: Tensor, key: Tensor, value: Tensor) -> None:
    """Raise unless the values fit to queries and keys that fit together."""
    require_floating(query=query, value=value)
    require_rank("value", value, 2, "(..., k_len, d_v)")
    require_same_size("key", key, -2, "value", value, "number of rows k_len")
    _broadcast(query=query, key=key, value=value)


def require_layer_inputs(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, layer: nn.Linear
) -> None:
    """Raise unless a layer of attention can project and attend with these."""
    tensors = {"query": query, "key": key, "value": value}
    require_floating(**tensors)
    for name, tensor in tensors.items():
        shape = (*tensor.shape[:2], layer.in_features)
        require_shape(name, tensor, shape, "(batch, length, d_model)")
        require_alike(name, tensor, PARAMETERS, layer.weight)
        require_same_size(name, tensor, 0, "query", query, "batch size")
    require_not_empty("key", key, 1, "length")
    require_same_size("value", value, 1, "key", key, "length")
    if mask is not None:
        _require_form_of_mask(mask, (query.size(0), query.size(1), key.size(1)))


def _require_form_of_mask(mask: Tensor, weights_shape: tuple[int, ...]) -> None:
    """Raise unless a mask has 2 to 4 dimensions, and fits each head if it has 3."""
    _require_boolean(mask)
    if mask.dim() not in (2, 3, 4):
        raise ValueError(
            "mask must have the shape (q_len, k_len), (batch, q_len, k_len) or "
            f"(batch, num_heads or 1, q_len, k_len), got {tuple(mask.shape)}"
        )
    if mask.dim() == 3:
        _require_broadcast_to(mask, weights_shape)


def _require_boolean(mask: Tensor) -> None:
    require_tensor("mask", mask)
    if mask.dtype != torch.bool:
        raise TypeError(
            "mask must be boolean, with True where a query may attend, got dtype "
            f"{mask.dtype}; write mask.bool() if it holds 1 for 'may attend' and 0 for "
            "'blocked', or mask == 0 if it holds 0 and -inf to be added to the scores"
        )


def require_lengths(lengths: Sequence[int] | Tensor, max_length: int | None) -> None:
    """Raise unless there is a length for each sequence, none beyond the padding."""
    # A tensor, or an array of numpy's.
    sizes = lengths.tolist() if hasattr(lengths, "tolist") else lengths
    require_sequence("lengths", sizes, "int")
    require_some("lengths", sizes, "sequence's length")
    for size in sizes:
        require_int("each of lengths", size)
        if size < 0:
            raise ValueError(f"each of lengths must be 0 or more, got {size}")
    longest = max(sizes)
    padded = longest if max_length is None else max_length
    require_positive_int("max_length", padded)
    if padded < longest:
        raise ValueError(
            f"max_length must be at least the longest of lengths, {longest}, "
            f"got {padded}"
        )


def require_heads(d_model: int, num_heads: int) -> None:
    """Raise unless a vector can be cut into heads of the same size."""
    require_positive_int("d_model", d_model)
    require_positive_int("num_heads", num_heads)
    if d_model % num_heads:
        raise ValueError(
            f"num_heads must divide d_model, got num_heads {num_heads} and d_model "
            f"{d_model}"
        )


def require_heads_to_cut(x: Tensor, num_heads: int) -> None:
    """Raise unless the last dimension of a tensor can be cut into heads."""
    require_rank("x", x, 2, "(..., length, d_model)")
    require_heads(x.size(-1), num_heads)


def require_sizes(**sizes: int) -> None:
    """Raise unless all are integers of at least 1."""
    for name, size in sizes.items():
        require_positive_int(name, size)


def require_network_input(x: Tensor, layer: nn.Linear, form: str) -> None:
    """Raise unless the first layer of a network can take `x`."""
    require_floating(x=x)
    require_shape("x", x, (*x.shape[:-1], layer.in_features), form)
    require_alike("x", x, PARAMETERS, layer.weight)


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
    _require_device(name, tensor, other_name, other.device)


def _require_device(
    name: str, tensor: Tensor, other_name: str, device: torch.device
) -> None:
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


def _broadcast(**tensors: Tensor) -> tuple[int, ...]:
    """Return what the leading dimensions, all but the last two, broadcast to."""
    leading: tuple[int, ...]
    try:
        leading = torch.broadcast_shapes(*(t.shape[:-2] for t in tensors.values()))
    except RuntimeError:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(
            "the leading dimensions (all but the last two) must be equal or "
            f"broadcast to one another, got {shapes}"
        ) from None
    return leading


def _require_broadcast_to(mask: Tensor, weights_shape: tuple[int, ...]) -> None:
    try:
        mask.expand(weights_shape)
    except RuntimeError:
        raise ValueError(
            "mask must broadcast to the shape of the attention weights, "
            f"{tuple(weights_shape)}, got {tuple(mask.shape)}"
        ) from None


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
