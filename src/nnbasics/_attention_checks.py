"""Checks of what attention, its heads and its positions are called with."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from nnbasics._checks import (
    PARAMETERS,
    require_alike,
    require_device,
    require_floating,
    require_int,
    require_not_empty,
    require_positive_int,
    require_positive_number,
    require_rank,
    require_same_size,
    require_sequence,
    require_shape,
    require_some,
    require_tensor,
)

# -- attention


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
        require_device("mask", mask, "query", query.device)
        _require_broadcast_to(mask, (*leading, query.size(-2), key.size(-2)))


def require_values(query: Tensor, key: Tensor, value: Tensor) -> None:
    """Raise unless the values fit to queries and keys that fit together."""
    require_floating(query=query, value=value)
    require_rank("value", value, 2, "(..., k_len, d_v)")
    require_same_size("key", key, -2, "value", value, "number of rows k_len")
    _broadcast(query=query, key=key, value=value)


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


def _require_boolean(mask: Tensor) -> None:
    require_tensor("mask", mask)
    if mask.dtype != torch.bool:
        raise TypeError(
            "mask must be boolean, with True where a query may attend, got dtype "
            f"{mask.dtype}; write mask.bool() if it holds 1 for 'may attend' and 0 for "
            "'blocked', or mask == 0 if it holds 0 and -inf to be added to the scores"
        )


def require_length(length: int) -> None:
    """Raise unless a mask can be as long as this."""
    require_positive_int("length", length)


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


# -- heads


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


def require_heads_to_merge(x: Tensor) -> None:
    """Raise unless a tensor has a dimension of heads."""
    require_rank("x", x, 3, "(..., num_heads, length, d_head)")


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


# -- positions


def require_positions(length: int, d_model: int, base: float) -> None:
    """Raise unless vectors of positions can be of these sizes."""
    require_positive_int("length", length)
    require_positive_int("d_model", d_model)
    _require_pairs("d_model", d_model)
    require_positive_number("base", base)


def require_rotation(x: Tensor, offset: int, base: float) -> None:
    """Raise unless the rows of a tensor can be rotated."""
    require_rank("x", x, 2, "(..., length, d_head)")
    require_floating(x=x)
    require_not_empty("x", x, -1, "size d_head")
    _require_pairs("d_head, the last size of x,", x.size(-1))
    require_int("offset", offset)
    require_positive_number("base", base)


def _require_pairs(name: str, size: int) -> None:
    if size % 2:
        raise ValueError(
            f"{name} must be even, since two neighbours make a pair, got {size}; "
            f"take {size - 1} or {size + 1}"
        )
