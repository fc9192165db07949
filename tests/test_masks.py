"""Masks, written out in full."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from nnbasics import causal_mask, padding_mask


def test_causal_mask_written_out() -> None:
    T, F = True, False
    expected = torch.tensor([[T, F, F, F], [T, T, F, F], [T, T, T, F], [T, T, T, T]])
    assert torch.equal(causal_mask(4), expected)


def test_causal_mask_of_one_position() -> None:
    assert torch.equal(causal_mask(1), torch.tensor([[True]]))


@pytest.mark.parametrize(
    ("length", "error", "message"),
    [
        (0, ValueError, "length must be at least 1, got 0"),
        (-2, ValueError, "length must be at least 1, got -2"),
        (3.0, TypeError, "length must be an int, got 3.0"),
        (True, TypeError, "length must be an int, got True"),
        ("3", TypeError, "length must be an int, got '3'"),
    ],
)
def test_causal_mask_refuses(length: int, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        causal_mask(length)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "lengths", [[2, 0, 3], (2, 0, 3), torch.tensor([2, 0, 3])], ids=type
)
def test_padding_mask_written_out(lengths: Sequence[int] | Tensor) -> None:
    T, F = True, False
    expected = torch.tensor([[[T, T, F]], [[F, F, F]], [[T, T, T]]])
    assert torch.equal(padding_mask(lengths), expected)


def test_a_padding_mask_is_where_the_lengths_are() -> None:
    lengths = torch.tensor([2, 3])
    with torch.device("meta"):  # where new tensors go if nobody says otherwise
        assert padding_mask(lengths).device == lengths.device


def test_padding_mask_with_room_to_spare() -> None:
    expected = torch.tensor([[[True, False, False, False, False]]])
    assert torch.equal(padding_mask([1], max_length=5), expected)


@pytest.mark.parametrize(
    ("lengths", "max_length", "error", "message"),
    [
        ([], None, ValueError, "lengths must hold one number for each sequence"),
        ([[2, 3]], None, ValueError, "at least one in all, got the shape (1, 2)"),
        ([2.0, 3.0], None, TypeError, "must hold integers, got dtype torch.float32"),
        ([True], None, TypeError, "must hold integers, got dtype torch.bool"),
        ([2, -1], None, ValueError, "lengths must be 0 or more, got [2, -1]"),
        ([2, 5], 3, ValueError, "at least the longest of lengths, 5, got 3"),
        ([0, 0], None, ValueError, "max_length must be at least 1, got 0"),
        ([2], 2.5, TypeError, "max_length must be an int, got 2.5"),
    ],
)
def test_padding_mask_refuses(
    lengths: list[int], max_length: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        padding_mask(lengths, max_length)
    assert message in str(caught.value)


def test_padding_mask_refuses_complex_lengths() -> None:
    with pytest.raises(TypeError, match=r"integers, got dtype torch\.complex64"):
        padding_mask(torch.tensor([1j]))
