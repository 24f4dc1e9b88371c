"""Knowledge gaps: where a species may live, nobody has looked lately, and a decision waits."""

from kulan.programme.gaps.nouns import (
    SEASONS,
    Decision,
    Gap,
    Ground,
    Looked,
    cell_box,
    cell_of,
)
from kulan.programme.gaps.packages import Package, packages
from kulan.programme.gaps.ranking import knowledge_gaps

__all__ = [
    "SEASONS",
    "Decision",
    "Gap",
    "Ground",
    "Looked",
    "Package",
    "cell_box",
    "cell_of",
    "knowledge_gaps",
    "packages",
]
