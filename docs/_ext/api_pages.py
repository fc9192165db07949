"""Names in the API reference as readers know them."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

PUBLIC_NAMES = {"torch.nn.modules.module": "torch.nn"}


def use_public_names(
    app: Sphinx, name: str, obj: object, options: dict[str, Any], bases: list[Any]
) -> None:
    """Write torch.nn.Module, which has a page, for the module it is defined in."""
    for position, base in enumerate(bases):
        public = PUBLIC_NAMES.get(getattr(base, "__module__", ""))
        if public:
            bases[position] = f":class:`{public}.{base.__name__}`"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the handler."""
    app.connect("autodoc-process-bases", use_public_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
