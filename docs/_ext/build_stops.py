"""End a build with one message for whoever runs it.

Sphinx answers an exception with a report for its own developers, in which the message
drowns.
"""

from __future__ import annotations

from typing import NoReturn

from sphinx.util import logging

logger = logging.getLogger(__name__)


def stop_build(message: str) -> NoReturn:
    """Say what is wrong, and end the build as failed."""
    logger.error(message)
    raise SystemExit(2)
