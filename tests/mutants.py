"""Print how many mutants the tests killed, module by module, and which survived.

``make -C docs mutants`` runs it after ``mutmut run``, from the root of the repository.
It fails if fewer than 95 % were killed; ``mutmut show NAME`` shows a survivor.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict

ENOUGH = 0.95
# A mutant that never ends, or that stops the process, is noticed too.
KILLED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
NOT_RUN = "not checked"


def read_results() -> dict[str, str]:
    """Return the status of every mutant that was run by its name."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line.strip() for line in run.stdout.splitlines() if ": " in line]
    results = dict(line.split(": ", 1) for line in lines)
    return {name: status for name, status in results.items() if status != NOT_RUN}


def main() -> int:
    """Print the table and the survivors; return 1 if there are too many."""
    results = read_results()
    modules: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for name, status in results.items():
        modules[name.rpartition(".x")[0]][status in KILLED] += 1
    print(f"{'module':<48}{'mutants':>8}{'killed':>8}")
    for module, counts in sorted(modules.items()):
        print(f"{module:<48}{counts.total():>8}{counts[True] / counts.total():>8.1%}")
    killed = sum(counts[True] for counts in modules.values())
    print(f"{'all':<48}{len(results):>8}{killed / len(results):>8.1%}\n")
    for name, status in sorted(results.items()):
        if status not in KILLED:
            print(f"{status}: {name}")
    return int(killed < ENOUGH * len(results))


if __name__ == "__main__":
    sys.exit(main())
