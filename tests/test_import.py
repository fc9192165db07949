"""What ``import nnbasics`` brings, and which module may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import nnbasics

SOURCE = Path(nnbasics.__file__).parent

# From the left to the right; a module may import what stands left of its own group.
GROUPS = [
    {"_checks"},
    {"_attention_checks"},
    {"xor", "attention", "multihead", "positions", "block"},  # what is taught
    {"_figure_tables"},
    {"experiments"},
    {"plotting", "explorers", "exercises"},
    {"lesson"},
]
TAUGHT = 2


def test_importing_package_and_explorers_imports_no_plotting_library() -> None:
    code = (
        "import sys, nnbasics; print('nnbasics.explorers' in sys.modules);"
        "import nnbasics.explorers; plotting = 'matplotlib seaborn pygments IPython';"
        "print([name for name in plotting.split() if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n[]\n"


def imports_of_modules() -> dict[str, set[str]]:
    """Return what each module imports of the package, as names below ``nnbasics``."""
    files = [path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py"]
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): {
            module_of(node.module, alias.name)
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
            and node.module is not None
            and node.module.startswith("nnbasics")
            for alias in node.names
        }
        for path in files
    }


def module_of(imported_from: str, name: str) -> str:
    """Return the module that ``from imported_from import name`` reads."""
    folder = Path(SOURCE.parent, *imported_from.split("."))
    if (folder / name).with_suffix(".py").is_file():
        return f"{imported_from}.{name}".removeprefix("nnbasics.")
    package = ".__init__" if folder.is_dir() else ""
    return f"{imported_from}{package}".removeprefix("nnbasics.")


def test_nothing_imports_to_its_right() -> None:
    for module, targets in imports_of_modules().items():
        place, group = place_of(module)
        for target in targets:
            target_place, target_group = place_of(target)
            together = target_group == group or {place, target_place} == {TAUGHT}
            message = f"nnbasics.{module} imports nnbasics.{target}"
            assert together or target_place < place, message


def place_of(module: str) -> tuple[int, str]:
    """Return the number of a module's group, and its package or its own name."""
    name = module.split(".")[0]
    return next(number for number, group in enumerate(GROUPS) if name in group), name


def test_no_module_imports_itself_by_way_of_others() -> None:
    order = list(TopologicalSorter(imports_of_modules()).static_order())
    assert order.index("attention") < order.index("multihead")
