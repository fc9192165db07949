"""How the tests are shared out to several processes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

# What their tests share takes long: one process makes it, and runs all of the file.
IN_ONE_PROCESS = {
    "test_downloads.py": "reader",
    "test_site_address.py": "reader",
    "test_jupyterlab.py": "jupyterlab",
    "test_reproducible.py": "second build",
    "test_site.py": "pages",
    "test_folding.py": "tiny site",
}


class FilesOrTests(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Shares out single tests, and those that share something costly together.

    xdist's own marks for this, xdist_group, are lost with pytest 9.2 and xdist 3.8.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return IN_ONE_PROCESS.get(PurePosixPath(file).name, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesOrTests:
    """Tell xdist how to share out the tests."""
    return FilesOrTests(config, log)
