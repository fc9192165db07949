"""Masks, written out in full."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from nnbasics import causal_mask, padding_mask

T, F = True, False


def test_causal_mask_written_out() -> None:
    expected = torch.tensor([[T, F, F, F], [T, T, F, F], [T, T, T, F], [T, T, T, T]])
    assert torch.equal(causal_mask(4), expected)
    assert torch.equal(causal_mask(1), torch.tensor([[T]]))


@pytest.mark.parametrize(
    "lengths",
    [[2, 0, 3], (2, 0, 3), torch.tensor([2, 0, 3]), np.array([2, 0, 3])],
    ids=type,
)
def test_padding_mask_written_out(lengths: Sequence[int] | Tensor) -> None:
    expected = torch.tensor([[[T, T, F]], [[F, F, F]], [[T, T, T]]])
    assert torch.equal(padding_mask(lengths), expected)


def test_padding_mask_with_room_to_spare() -> None:
    expected = torch.tensor([[[T, F, F, F, F]]])
    assert torch.equal(padding_mask([1], max_length=5), expected)


def test_a_padding_mask_is_where_the_lengths_are() -> None:
    lengths = torch.tensor([2, 3])
    with torch.device("meta"):  # where new tensors go if nobody says otherwise
        assert padding_mask(lengths).device == lengths.device
