"""What the tables of wrong calls are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class WrongCall:
    """A call that must be refused, with the error and its whole message."""

    call: Callable[[], object]
    error: type[Exception]
    message: str

    def check(self) -> None:
        """Make the call and compare what it says."""
        with pytest.raises(self.error) as caught:
            self.call()
        assert type(caught.value) is self.error
        assert str(caught.value) == self.message
