"""Exercise 6.6, answered with a function: layer normalization."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import layer_norm

from nnbasics.exercises.function_questions import FunctionQuestion, draw
from nnbasics.exercises.questions import Feedback

# an eps as large as the variance of the numbers, so that its place is seen
# and first a square x, so that the wrong axis raises no error
_SQUARE, _LONG, _GAIN, _BIAS = draw((5, 5), (7, 4), (5,), (5,))


def _norm(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    return layer_norm(x, gain.shape, gain, bias, eps)


def _divided(x: Tensor, spread: Tensor, gain: Tensor, bias: Tensor) -> Tensor:
    """Divide each row, less its mean, by a spread of its own."""
    centred = x - x.mean(dim=1, keepdim=True)
    return centred / spread[:, None] * gain + bias


def _over_the_batch(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    spread = (x.var(dim=0, correction=0) + eps).sqrt()
    return (x - x.mean(dim=0)) / spread * gain + bias


def _rows_as_columns(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    spread = (x.var(dim=1, correction=0) + eps).sqrt()
    return (x - x.mean(dim=1)) / spread * gain + bias


def _over_everything(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    return (x - x.mean()) / (x.var(correction=0) + eps).sqrt() * gain + bias


def _not_centred(x: Tensor, gain: Tensor, bias: Tensor, eps: float) -> Tensor:
    spread = (x.var(dim=1, correction=0, keepdim=True) + eps).sqrt()
    return x / spread * gain + bias


_LAYER_NORM = FunctionQuestion(
    exercise="6.6",
    cases=[(_SQUARE, _GAIN, _BIAS, 0.5), (_LONG, _GAIN[:4], _BIAS[:4], 0.1)],
    solution=_norm,
    why="It agrees with torch.nn.functional.layer_norm, for two sizes and two eps.",
    look=(
        "Take off the mean of each row. Divide by the root of its variance plus eps. "
        "Multiply with the gain, and add the bias."
    ),
    mistakes={
        "The norm runs down the columns, over the words. Each word is normed by "
        "itself: dim=-1.": [_over_the_batch],
        "The means of the rows stand in a row, so that each column got one of them. "
        "Keep them in a column: keepdim=True.": [_rows_as_columns],
        "All words have one mean and one variance here. Each word has its own: "
        "dim=-1.": [_over_everything],
        "The variance was divided by n - 1, as torch's var and std do unless told "
        "otherwise: correction=0.": [
            lambda x, gain, bias, eps: _divided(
                x, (x.var(dim=1) + eps).sqrt(), gain, bias
            )
        ],
        "The variance was divided by n - 1, and eps was added behind the root.": [
            lambda x, gain, bias, eps: _divided(x, x.std(dim=1) + eps, gain, bias)
        ],
        "eps is missing.": [lambda x, gain, bias, _: _norm(x, gain, bias, 0.0)],
        "eps was added behind the root. It belongs under it, to the variance.": [
            lambda x, gain, bias, eps: _divided(
                x, x.std(dim=1, correction=0) + eps, gain, bias
            )
        ],
        "Divide by the root of the variance, not by the variance.": [
            lambda x, gain, bias, eps: _divided(
                x, x.var(dim=1, correction=0) + eps, gain, bias
            )
        ],
        "Gain and bias are swapped: multiply with the gain, and add the bias.": [
            lambda x, gain, bias, eps: _norm(x, bias, gain, eps)
        ],
        "The bias was added before the gain was multiplied.": [
            lambda x, gain, bias, eps: _norm(x, gain, bias * gain, eps)
        ],
        "Gain and bias are missing.": [
            lambda x, gain, bias, eps: _norm(x, gain / gain, 0 * bias, eps)
        ],
        "The bias is missing.": [
            lambda x, gain, bias, eps: _norm(x, gain, 0 * bias, eps)
        ],
        "The mean was not taken off.": [_not_centred],
    },
)


def check_layer_norm(function: object) -> Feedback:
    """Exercise 6.6: write layer normalization.

    Parameters
    ----------
    function : callable or None
        Takes `x`, of shape (length, d_model), `gain` (d_model,), `bias` (d_model,) and
        `eps`, a number. Returns the output, of the shape of `x`: a tensor, an array or
        nested lists.

    Examples
    --------
    >>> feedback = check_layer_norm(lambda x, gain, bias, eps: x * gain + bias)
    >>> print(feedback.status)
    not yet
    """
    return _LAYER_NORM.judge(function)
