"""Checks of arguments, with messages that say what was expected and what was got."""

from nnbasics._validation.numbers import (
    require_divisor,
    require_int,
    require_positive_int,
    require_positive_number,
    require_share,
)
from nnbasics._validation.tensors import (
    require_broadcastable,
    require_floating,
    require_like_parameters,
    require_mask,
    require_not_empty,
    require_rank,
    require_same_size,
    require_shape,
    require_tensor,
    require_weights,
)
from nnbasics._validation.things import (
    items_of,
    require_generator,
    require_instance,
    require_some,
)

__all__ = [
    "items_of",
    "require_broadcastable",
    "require_divisor",
    "require_floating",
    "require_generator",
    "require_instance",
    "require_int",
    "require_like_parameters",
    "require_mask",
    "require_not_empty",
    "require_positive_int",
    "require_positive_number",
    "require_rank",
    "require_same_size",
    "require_shape",
    "require_share",
    "require_some",
    "require_tensor",
    "require_weights",
]
