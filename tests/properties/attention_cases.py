"""What Hypothesis draws for the property tests: tensors, their layouts, and masks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from hypothesis import settings
from hypothesis import strategies as st
from torch import Tensor
from torch.testing import assert_close

# The same examples in every run, and no time limit for one of them.
settings.register_profile(
    "deterministic", derandomize=True, deadline=None, max_examples=120, database=None
)
settings.load_profile("deterministic")

FLOATING = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
# How far a result may be from one that was computed in float64. The numbers of the
# tests are near 1, and float16 and bfloat16 have 11 and 8 binary digits.
TOLERANCE = {
    torch.float16: 2e-2,
    torch.bfloat16: 1e-1,
    torch.float32: 1e-5,
    torch.float64: 1e-10,
}

SIZES = st.integers(min_value=1, max_value=5)
LEADING = st.lists(st.integers(min_value=1, max_value=3), max_size=3)
SEEDS = st.integers(min_value=0, max_value=2**31)


@dataclass(frozen=True)
class Case:
    """Arguments of attention, and the shape that its weights must have."""

    query: Tensor
    key: Tensor
    value: Tensor
    mask: Tensor | None
    weights_shape: tuple[int, ...]

    @property
    def inputs(self) -> tuple[Tensor, Tensor, Tensor]:
        """The tensors that have a gradient."""
        return self.query, self.key, self.value

    @property
    def full_mask(self) -> Tensor:
        """The mask in the shape of the weights; all True if there is none."""
        if self.mask is None:
            return torch.ones(self.weights_shape, dtype=torch.bool)
        return self.mask.expand(self.weights_shape)


def _transposed(x: Tensor) -> Tensor:
    """Lay the last two dimensions out the other way round in memory."""
    return x.mT.contiguous().mT


def _strided(x: Tensor) -> Tensor:
    """Take every second number of a tensor that is twice as wide."""
    return x.repeat_interleave(2, dim=-1)[..., ::2]


def _expanded(x: Tensor) -> Tensor:
    """Use the first row for all rows, with a stride of 0."""
    return x[..., :1, :].expand(x.shape)


LAYOUTS: dict[str, Callable[[Tensor], Tensor]] = {
    "contiguous": Tensor.contiguous,
    "transposed": _transposed,
    "strided": _strided,
    "expanded": _expanded,
}


@st.composite
def broadcastable(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Draw a shape that broadcasts to `shape`: some sizes 1, some in front left out."""
    kept = draw(st.integers(min_value=0, max_value=len(shape)))
    return tuple(
        draw(st.sampled_from(sorted({1, size}))) for size in shape[len(shape) - kept :]
    )


@st.composite
def masks(
    draw: st.DrawFn, weights_shape: tuple[int, ...], *, rows_may_be_empty: bool
) -> Tensor | None:
    """Draw no mask, or one that broadcasts to the weights."""
    if draw(st.booleans()):
        return None
    shape, seed = draw(broadcastable(weights_shape)), draw(SEEDS)
    share = draw(st.sampled_from([0.2, 0.7]))
    return random_mask(shape, seed, share, rows_may_be_empty=rows_may_be_empty)


def random_mask(
    shape: tuple[int, ...],
    seed: int,
    share: float = 0.5,
    *,
    rows_may_be_empty: bool = False,
) -> Tensor:
    """Make a mask with about this share of True, the first key's all if need be."""
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < share
    if not rows_may_be_empty:
        torch.atleast_1d(mask)[..., 0] = True  # the same numbers in memory
    return mask


@st.composite
def cases(
    draw: st.DrawFn,
    dtypes: tuple[torch.dtype, ...] = FLOATING,
    *,
    rows_may_be_empty: bool = False,
) -> Case:
    """Draw arguments of any shape, dtype and memory layout, with or without a mask."""
    q_len, k_len, d_k, d_v = (draw(SIZES) for _ in range(4))
    leading = tuple(draw(LEADING))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    dtype = draw(st.sampled_from(dtypes))

    def tensor(*sizes: int) -> Tensor:
        shape = (*draw(broadcastable(leading)), *sizes)
        x = torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)
        return LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))](x)

    query, key, value = tensor(q_len, d_k), tensor(k_len, d_k), tensor(k_len, d_v)
    shape = torch.broadcast_shapes(query.shape[:-2], key.shape[:-2])
    weights_shape = (*shape, q_len, k_len)
    mask = draw(masks(weights_shape, rows_may_be_empty=rows_may_be_empty))
    return Case(query, key, value, mask, weights_shape)


def with_gradients(
    query: Tensor, key: Tensor, value: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the same tensors as leaves that ask for a gradient."""
    return (
        query.detach().requires_grad_(),
        key.detach().requires_grad_(),
        value.detach().requires_grad_(),
    )


def assert_near(actual: Tensor, expected: Tensor, dtype: torch.dtype) -> None:
    """Compare in float64, with the tolerance of the dtype that was computed in."""
    tolerance = TOLERANCE[dtype]
    assert_close(actual.double(), expected.double(), rtol=tolerance, atol=tolerance)
