"""Interactive figures: they answer when a reader points, edits or retrains.

Each one is a figure in a notebook and on the site, a table in a terminal, and a web
page of its own with ``.save("x.html")``. Nothing is fetched from anywhere: the scripts
are part of this package.
"""

from nnbasics.explorers.attention import AttentionExplorer
from nnbasics.explorers.depth import DepthExplorer
from nnbasics.explorers.facts import FactExplorer
from nnbasics.explorers.heads import HeadExplorer
from nnbasics.explorers.induction import InductionExplorer
from nnbasics.explorers.rotation import RotationExplorer
from nnbasics.explorers.xor import XORPlayground

__all__ = [
    "AttentionExplorer",
    "DepthExplorer",
    "FactExplorer",
    "HeadExplorer",
    "InductionExplorer",
    "RotationExplorer",
    "XORPlayground",
]
