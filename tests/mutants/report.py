"""Print how many mutants the tests killed, module by module, and which survived.

``make -C docs mutants`` runs it after ``mutmut run``, from the root of the repository.
It fails if fewer than 95 % were killed, or if one survived that survivors.txt, with a
reason for each, does not list. With ``--write``, it adds those to the file, under the
reason "new".
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ENOUGH = 0.95
# A mutant that never ends, or that stops the process, is noticed too.
KILLED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
LISTED = Path(__file__).with_name("survivors.txt")


class Change(NamedTuple):
    """What a mutant changes: a line of a function, and what stands there instead."""

    function: str
    before: str
    after: str


def run_mutmut(*arguments: str) -> str:
    """Return what mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def read_results() -> dict[str, str]:
    """Return the status of every mutant by its name."""
    output = run_mutmut("results", "--all", "true")
    lines = [line.strip() for line in output.splitlines() if ": " in line]
    return dict(line.split(": ", 1) for line in lines)


def read_change(name: str) -> Change:
    """Return what a mutant changes."""
    lines = run_mutmut("show", name).splitlines()
    sides = [
        " ".join(
            " ".join(line[1:].split())
            for line in lines
            if line.startswith(sign) and not line.startswith(sign * 3)
        )
        for sign in "-+"
    ]
    return Change(function_of(name), *sides)


def function_of(name: str) -> str:
    """Return the function that a mutant is named after.

    Examples
    --------
    >>> function_of("nnbasics.xor_seeds.x__step__mutmut_3")
    'xor_seeds._step'
    >>> function_of("nnbasics.multihead.xǁMultiHeadAttentionǁforward__mutmut_1")
    'multihead.MultiHeadAttention.forward'
    """
    module, _, mangled = name.partition("nnbasics.")[2].rpartition(".x")
    function = mangled.rpartition("__mutmut_")[0]
    if function.startswith("_"):
        return f"{module}.{function[1:]}"
    return f"{module}{function.replace('ǁ', '.')}"


def read_listed(path: Path = LISTED) -> dict[Change, str]:
    """Return the reason of each change that is known to survive."""
    reasons = {}
    lines = iter(path.read_text("utf-8").splitlines())
    for line in lines:
        if line.startswith("["):
            reason, function = line[1:].split("] ")
            change = Change(function, next(lines).strip()[2:], next(lines).strip()[2:])
            reasons[change] = reason
    return reasons


def write_listed(reasons: dict[Change, str], path: Path = LISTED) -> None:
    """Write the list, in order."""
    path.write_text(
        "\n".join(
            f"[{reason}] {change.function}\n  - {change.before}\n  + {change.after}\n"
            for change, reason in sorted(reasons.items(), key=lambda item: item[::-1])
        ),
        "utf-8",
    )


def print_table(results: dict[str, str]) -> float:
    """Print the share of killed mutants in each module; return that of all."""
    modules: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for name, status in results.items():
        modules[name.rpartition(".x")[0]][status in KILLED] += 1
    print(f"{'module':<48}{'mutants':>8}{'killed':>8}")
    for module, counts in sorted(modules.items()):
        print(f"{module:<48}{counts.total():>8}{counts[True] / counts.total():>8.1%}")
    killed = sum(counts[True] for counts in modules.values())
    share = killed / len(results)
    print(f"{'all':<48}{len(results):>8}{share:>8.1%}  ({killed})\n")
    return share


def print_survivors(
    changes: Iterable[Change], listed: dict[Change, str]
) -> set[Change]:
    """Print how many survived for which reason; return those that have none."""
    changes = list(changes)
    counts = Counter(listed.get(change, "not listed") for change in changes)
    for reason, count in sorted(counts.items()):
        print(f"survived, {reason}: {count}")
    missing = set(changes) - set(listed)
    for change in sorted(missing):
        print(f"\n{change.function}\n  - {change.before}\n  + {change.after}")
    return missing


def main() -> int:
    """Print the table and the survivors; return 1 if there are too many."""
    results = read_results()
    share = print_table(results)
    survivors = [name for name, status in results.items() if status not in KILLED]
    listed = read_listed()
    missing = print_survivors(map(read_change, survivors), listed)
    if "--write" in sys.argv:
        write_listed(listed | dict.fromkeys(missing, "new"))
    return int(share < ENOUGH or bool(missing))


if __name__ == "__main__":
    sys.exit(main())
