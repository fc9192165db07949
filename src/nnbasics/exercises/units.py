"""Lesson 1, the questions whose answers are the weights of units."""

from __future__ import annotations

import torch
from torch import Tensor

from nnbasics.exercises._answers import UnreadableAnswerError, numbers_from
from nnbasics.exercises._logic import a_line_can_separate, name_of
from nnbasics.exercises.feedback import Feedback, not_answered, not_yet, right
from nnbasics.experiments.xor_seeds import is_solved
from nnbasics.xor import xor_dataset

__all__ = ["check_and_unit", "check_xor_by_hand"]

_AND = torch.tensor([0.0, 0.0, 0.0, 1.0])
_TOLERANCE = 0.1
_TOO_FLAT = (
    "The jobs are right, but the numbers are not near enough to 0 and 1: {points}. "
    "What happens to a unit when you multiply its weights and its bias by the same "
    "large number?"
)


def check_and_unit(unit: object) -> Feedback:
    """Exercise 1.4: choose the numbers of one sigmoid unit that computes AND.

    Parameters
    ----------
    unit : (w1, w2, b) or None
        The two weights and the bias: a tuple, a list, a tensor or an array. The unit
        must give more than 0.9 for (1, 1) and less than 0.1 for the other points.

    Returns
    -------
    Feedback
        The status, and a message that says what the unit computes.

    Examples
    --------
    >>> print(check_and_unit((20, 20, -10)))
    Exercise 1.4: not yet. This unit computes OR. It gives 0.00 for (0, 0), 1.00
    for (0, 1), 1.00 for (1, 0) and 1.00 for (1, 1). How large must the sum be
    before it gets above 0, and which of the three numbers says so?
    """
    if unit is None:
        return not_answered(
            "1.4", "Put three numbers (w1, w2, b) in the place of None."
        )
    try:
        weights = _read_unit("unit", unit)
    except UnreadableAnswerError as error:
        return not_yet("1.4", str(error))
    inputs, _ = xor_dataset()
    output = _activation(inputs, weights)  # (4,)
    if _is_near(output, _AND):
        return right("1.4", f"The unit gives {_at_points(output)}.")
    if name_of(output) == "AND":
        return not_yet("1.4", _TOO_FLAT.format(points=_at_points(output)))
    if _is_near(_activation(inputs, weights.roll(-1)), _AND):
        return not_yet("1.4", "The order is w1, w2, b: the bias comes last.")
    return not_yet(
        "1.4",
        f"This unit computes {name_of(output)}. It gives {_at_points(output)}. How "
        "large must the sum be before it gets above 0, and which of the three numbers "
        "says so?",
    )


def check_xor_by_hand(first: object, second: object, output: object) -> Feedback:
    """Exercise 1.5: choose the nine numbers of a 2-2-1 network that computes XOR.

    Parameters
    ----------
    first, second : (w1, w2, b) or None
        The weights and the bias of the hidden units.
    output : (w1, w2, b) or None
        The weights and the bias of the output unit, whose inputs are the activations
        of the hidden units. All four outputs must be within 0.1 of their targets.

    Returns
    -------
    Feedback
        The status, and a message that says what each hidden unit computes.

    Examples
    --------
    >>> feedback = check_xor_by_hand((20, 20, -10), (20, 20, -10), (20, 20, -10))
    >>> print(feedback)
    Exercise 1.5: not yet. The first hidden unit computes OR, the second OR. To
    the output unit, two points with different targets look alike, or no line
    parts them: give the hidden units different jobs.
    """
    answers = {"first": first, "second": second, "output": output}
    missing = [name for name, answer in answers.items() if answer is None]
    if missing:
        return not_answered("1.5", f"Still to choose: {', '.join(missing)}.")
    try:
        units = [_read_unit(name, answer) for name, answer in answers.items()]
    except UnreadableAnswerError as error:
        return not_yet("1.5", str(error))
    return _judge_network(*units)


def _judge_network(first: Tensor, second: Tensor, output: Tensor) -> Feedback:
    inputs, targets = xor_dataset()
    hidden = torch.stack(
        [_activation(inputs, first), _activation(inputs, second)], dim=1
    )  # (4, 2)
    predictions = _activation(hidden, output)  # (4,)
    if is_solved(predictions):
        return right("1.5", f"The network gives {_at_points(predictions)}.")
    if name_of(_activation(hidden.round(), output)) == "XOR":
        return not_yet("1.5", _TOO_FLAT.format(points=_at_points(predictions)))
    names = (
        f"The first hidden unit computes {name_of(hidden[:, 0])}, the second "
        f"{name_of(hidden[:, 1])}."
    )
    if a_line_can_separate(hidden, targets.flatten()):
        help_text = (
            f"That can work. Look at the output unit: it gives "
            f"{_at_points(predictions)}."
        )
    else:
        help_text = (
            "To the output unit, two points with different targets look alike, or no "
            "line parts them: give the hidden units different jobs."
        )
    return not_yet("1.5", f"{names} {help_text}")


def _read_unit(name: str, answer: object) -> Tensor:
    values = numbers_from(answer)
    if len(values) != 3:
        raise UnreadableAnswerError(
            f"{name} must be three numbers (w1, w2, b), and has {len(values)}."
        )
    return torch.tensor(values)


def _activation(inputs: Tensor, unit: Tensor) -> Tensor:
    return torch.sigmoid(inputs @ unit[:2] + unit[2])  # (points,)


def _is_near(output: Tensor, targets: Tensor) -> bool:
    return bool(((output - targets).abs() < _TOLERANCE).all())


def _at_points(output: Tensor) -> str:
    inputs, _ = xor_dataset()
    texts = [
        f"{value:.2f} for ({x1:.0f}, {x2:.0f})"
        for value, (x1, x2) in zip(output.tolist(), inputs.tolist(), strict=True)
    ]
    return ", ".join(texts[:3]) + " and " + texts[3]
