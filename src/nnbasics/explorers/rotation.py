"""An explorer of rotary position embeddings."""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

from nnbasics import _checks as check
from nnbasics._figure_tables import Table
from nnbasics.explorers._element import Explorer
from nnbasics.explorers._packing import pack_exactly
from nnbasics.positions import rotate

__all__ = ["RotationExplorer"]

LAST = 63  # positions go from 0 to here
START = (10, 6)  # positions of query and key at first
MOST_NUMBERS = 32  # sixteen dials
FURTHER = 20  # how far the table moves them


class RotationExplorer(Explorer):
    r"""Turn a query and a key to their positions, and watch their score.

    Neighbours in a vector form pairs, and pair :math:`i` of :math:`d / 2` (from 0) is
    turned by the angle :math:`\text{position} \cdot \text{base}^{-2i/d}`. The figure
    shows each pair as a dial with two hands, its part of the score
    :math:`q \cdot k / \sqrt{d}`, and the score over the distance of the two. They can
    be moved apart and together.

    Parameters
    ----------
    query, key : Tensor, shape (d,)
        One vector each, of the same even size from 2 to 32.
    base : float
        What the angles are made of, as in :func:`nnbasics.rotate`.

    References
    ----------
    Su et al. (2021), "RoFormer: Enhanced transformer with rotary position embedding",
    https://arxiv.org/abs/2104.09864

    Examples
    --------
    >>> import torch
    >>> query, key = torch.tensor([[2.0, 0.0, 0.0, 3.0], [1.0, 0.0, 0.0, -1.0]])
    >>> RotationExplorer(query, key)
    Query at 10, key at 6: angles in radians, parts of the score, here and further on
    pair    query's angle  key's angle  part   both 20 on  query 20 on
    pair 0  10.000         6.000        -0.65  -0.65       0.42
    pair 1  0.100          0.060        -1.50  -1.50       -1.46
    score                               -2.15  -2.15       -1.03
    [Rotation explorer: interactive in a notebook; write .save("x.html") elsewhere]
    """

    kind = "rotation-explorer"

    def __init__(self, query: Tensor, key: Tensor, base: float = 10000.0) -> None:
        check.require_floating(query=query, key=key)
        check.require_rank("query", query, 1, "(d,)")
        for name, vector in (("query", query), ("key", key)):
            check.require_shape(name, vector, (query.numel(),), "(d,)")
            if not vector.isfinite().all():
                raise ValueError(
                    f"{name} must hold finite numbers, got NaN or infinity"
                )
        if query.numel() not in range(2, MOST_NUMBERS + 1, 2):
            raise ValueError(
                f"query must hold from 2 to {MOST_NUMBERS} numbers, in pairs, got "
                f"{query.numel()}"
            )
        check.require_positive_number("base", base)
        self.query, self.key = query.detach().float(), key.detach().float()
        self.base = float(base)

    def data(self) -> dict[str, Any]:
        """Return what the script gets, as JSON can hold it."""
        return {
            "query": pack_exactly(self.query),
            "key": pack_exactly(self.key),
            "base": self.base,
            "start": START,
            "last": LAST,
        }

    def table(self) -> Table:
        """Return angles and parts of the score at first, and parts after two moves."""
        query_at, key_at = START
        far, key_far = query_at + FURTHER, key_at + FURTHER
        moves = (START, (far, key_far), (far, key_at))
        columns = [
            self._angles(query_at),
            self._angles(key_at),
            *(self._parts(*places) for places in moves),
        ]
        names = [f"pair {pair}" for pair in range(self.query.numel() // 2)]
        return Table(
            caption=f"Query at {query_at}, key at {key_at}: angles in radians, parts "
            "of the score, here and further on",
            head=[
                "pair",
                "query's angle",
                "key's angle",
                "part",
                f"both {FURTHER} on",
                f"query {FURTHER} on",
            ],
            rows=[list(row) for row in zip([*names, "score"], *columns, strict=True)],
        )

    def _angles(self, position: int) -> list[str]:
        """Return the angle of each pair, and nothing for the row of the score."""
        pairs = self.query.numel() // 2
        angles = (position * self.base ** (-pair / pairs) for pair in range(pairs))
        return [*(f"{angle:.3f}" for angle in angles), ""]

    def _parts(self, query_at: int, key_at: int) -> list[str]:
        """Return what each pair adds to the score, and the score."""
        query = rotate(self.query.double()[None], query_at, self.base)  # (1, d)
        key = rotate(self.key.double()[None], key_at, self.base)  # (1, d)
        products = query * key / math.sqrt(query.size(1))  # (1, d)
        parts = products.view(-1, 2).sum(dim=1).tolist()  # d / 2
        return [f"{part:.2f}" for part in (*parts, sum(parts))]
