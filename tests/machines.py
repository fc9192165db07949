"""Run the lessons as other machines would: their assertions must hold there too.

``make -C docs machines`` runs it and prints a row for each machine: other instruction
sets, other numbers of threads, and rounding noise. Without a machine's name, all are
tried. Two lessons run at a time.

Rounding noise stands for the machines that are not here. Each float32 result of a
linear layer, a sigmoid or a softmax is off by at most one unit of its last place, and
by how much depends on the result and on the seed alone: as on a real machine, the same
numbers give the same result twice.
"""

from __future__ import annotations

import argparse
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

LESSONS = sorted((Path(__file__).parents[1] / "docs" / "tutorials").glob("*/*.py"))

INSTRUCTIONS = ("ATEN_CPU_CAPABILITY", "MKL_ENABLE_INSTRUCTIONS", "DNNL_MAX_CPU_ISA")
NO_AVX = dict(zip(INSTRUCTIONS, ("default", "SSE4_2", "SSE41"), strict=True))
AVX2 = dict(zip(INSTRUCTIONS, ("avx2", "AVX2", "AVX2"), strict=True))
NOISE = "ROUNDING_NOISE"
MACHINES = {
    "this one": {},
    "no AVX": NO_AVX,
    # where there is none, the processor's own instructions are used
    "AVX2": AVX2 if torch.backends.cpu.get_cpu_capability() != "DEFAULT" else NO_AVX,
    # threads that wait asleep: there are more of them than cores
    "2 threads": {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"},
    "4 threads": {"OMP_NUM_THREADS": "4", "OMP_WAIT_POLICY": "passive"},
    "no AVX, noise": NO_AVX | {NOISE: "0"},
    **{f"noise {seed}": {NOISE: str(seed)} for seed in range(10)},
}

# Not products of matrices alone: those of small whole numbers are exact everywhere.
NOISY = {
    *(torch.sigmoid, Tensor.sigmoid, torch.nn.functional.sigmoid),
    *(torch.softmax, Tensor.softmax, torch.nn.functional.softmax),
    torch.nn.functional.linear,
}


class RoundingNoise(TorchFunctionMode):
    """Moves float32 results by a unit of their last place, or by less."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Compute as torch does, and move what comes out."""
        result = func(*args, **(kwargs or {}))
        if func not in NOISY or result.dtype != torch.float32:
            return result
        with torch.no_grad():  # with a gradient of its own it would scale the others
            factor = 1 + 1.2e-7 * torch.sin(1e8 * result + self.seed)
        return result * factor


def run_here(lesson: Path) -> None:
    """Run a lesson in this process, with rounding noise if it is asked for."""
    sys.argv = [str(lesson)]
    if NOISE in os.environ:
        with RoundingNoise(int(os.environ[NOISE])):
            runpy.run_path(str(lesson), run_name="__main__")
    else:
        runpy.run_path(str(lesson), run_name="__main__")


def run_there(lesson: Path, machine: dict[str, str]) -> tuple[str, str]:
    """Run a lesson as on a machine; return a word for the table, and the error."""
    one_thread = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-W", "ignore", __file__, "--here", str(lesson)],
            env={**os.environ, **one_thread, **machine},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode == 0:
        return f"{time.monotonic() - start:.0f} s", ""
    return "FAILS", run.stderr


def main(arguments: list[str] | None = None) -> int:
    """Print the table and what failed; return how many runs did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("machines", nargs="*", help=f"some of {list(MACHINES)}")
    parser.add_argument("--lessons", nargs="+", type=Path, default=LESSONS)
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.here:
        run_here(options.here)
        return 0
    lessons = {f"{path.parent.name}/{path.stem}": path for path in options.lessons}
    print(f"{'':14}", *lessons)
    failures = []
    with ThreadPoolExecutor(2) as pool:
        runs = {
            machine: {
                name: pool.submit(run_there, path.absolute(), MACHINES[machine])
                for name, path in lessons.items()
            }
            for machine in options.machines or MACHINES
        }
        for machine, row in runs.items():
            words = [f"{run.result()[0]:>{len(name)}}" for name, run in row.items()]
            print(f"{machine:14}", *words, flush=True)
            failures += [
                f"\n{name}, {machine}:\n{run.result()[1]}"
                for name, run in row.items()
                if run.result()[1]
            ]
    print(*failures)
    return len(failures)


if __name__ == "__main__":
    sys.exit(main())
