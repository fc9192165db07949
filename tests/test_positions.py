"""Vectors of positions and rotations: by hand, and by what they promise."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.testing import assert_close

from nnbasics import rotate, sinusoidal_positions


def draw(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


# -- by hand


def test_positions_written_out() -> None:
    rows = [
        [math.sin(m), math.cos(m), math.sin(m / 10), math.cos(m / 10)] for m in range(3)
    ]
    assert_close(sinusoidal_positions(3, 4, base=100), torch.tensor(rows))


def test_the_base_is_ten_thousand_if_none_is_given() -> None:
    assert_close(sinusoidal_positions(9, 6), sinusoidal_positions(9, 6, 10000))
    x = draw(9, 6)
    assert torch.equal(rotate(x), rotate(x, 0, 10000))


def test_quarter_turns_written_out() -> None:
    """With this base the second pair turns half as fast as the first, which is 1."""
    x = torch.tensor([[3.0, 4.0, 1.0, 2.0]] * 3, dtype=torch.float64)
    turned = rotate(x, base=4)
    c, s = math.cos(2), math.sin(2)
    assert_close(turned[0], x[0])
    assert_close(turned[2, :2], torch.tensor([3 * c - 4 * s, 3 * s + 4 * c]).double())
    c, s = math.cos(1), math.sin(1)
    assert_close(turned[2, 2:], torch.tensor([c - 2 * s, s + 2 * c]).double())


def test_far_positions_are_as_exact_as_near_ones() -> None:
    """Angles of float32 would be off by hundredths here."""
    far = 1_000_003
    row = sinusoidal_positions(far + 1, 2)[-1]
    assert_close(row, torch.tensor([math.sin(far), math.cos(far)]))
    turned = rotate(torch.tensor([[1.0, 0.0]]), offset=far)[0]
    assert_close(turned, torch.tensor([math.cos(far), math.sin(far)]))


# -- what they promise

SIZES = st.integers(1, 7)


@given(pairs=SIZES, distance=st.integers(0, 40), start=st.integers(-50, 50))
def test_a_score_depends_on_the_distance_alone(
    pairs: int, distance: int, start: int
) -> None:
    query, key = draw(2, 1, 2 * pairs)
    expected = (rotate(query, distance) * key).sum()
    score = (rotate(query, start + distance) * rotate(key, start)).sum()
    assert_close(score, expected, atol=1e-12, rtol=0)


@given(pairs=SIZES)
def test_products_of_positions_depend_on_the_distance_alone(pairs: int) -> None:
    rows = sinusoidal_positions(50, 2 * pairs).double()
    products = rows @ rows.T
    for distance in range(50):
        diagonal = products.diagonal(distance)
        assert_close(diagonal, diagonal[:1].expand_as(diagonal), atol=1e-5, rtol=0)
    assert_close(products[0, 0].item(), float(pairs))


def test_a_rotation_keeps_lengths_and_is_linear() -> None:
    x, y = draw(2, 5, 6)
    assert_close(rotate(x).norm(dim=-1), x.norm(dim=-1))
    assert_close(rotate(2 * x - 3 * y, 7), 2 * rotate(x, 7) - 3 * rotate(y, 7))


@given(offset=st.integers(-20, 20))
def test_an_offset_cuts_a_longer_sequence(offset: int) -> None:
    """And a rotation back undoes one."""
    x = draw(11, 6)
    assert_close(rotate(x, offset)[4:], rotate(x[4:], offset + 4))
    row = x[:1]
    assert_close(rotate(rotate(row, offset), -offset), row)


def test_leading_dimensions_are_kept() -> None:
    x = draw(2, 3, 5, 6)
    turned = rotate(x, 2)
    for batch, head in ((0, 0), (1, 2)):
        assert_close(turned[batch, head], rotate(x[batch, head], 2))
    assert rotate(x[:, :, :0]).shape == (2, 3, 0, 6)


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64]
)
def test_the_dtype_is_kept(dtype: torch.dtype) -> None:
    x = draw(40, 6).to(dtype)
    turned = rotate(x, 1000)
    assert turned.dtype == dtype
    exact = rotate(x.double(), 1000)
    off = (turned.double() - exact).abs().max()
    assert off < 12 * torch.finfo(dtype).eps


def test_a_rotation_is_where_its_input_is() -> None:
    x = draw(5, 6)
    with torch.device("meta"):  # where new tensors go if nobody says otherwise
        assert rotate(x).device == x.device


def test_gradients_against_finite_differences() -> None:
    x = draw(2, 3, 4).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: rotate(x, 3), x)


def test_compiling_changes_no_result() -> None:
    x = draw(2, 5, 6)
    compiled = torch.compile(lambda x: rotate(x, 3), fullgraph=True, backend="eager")
    assert_close(compiled(x), rotate(x, 3))
    made = torch.compile(
        lambda: sinusoidal_positions(5, 6), fullgraph=True, backend="eager"
    )
    assert_close(made(), sinusoidal_positions(5, 6))
