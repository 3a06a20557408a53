"""Checkouts of this project that are compared in one run."""

import os
from pathlib import Path
from typing import NamedTuple

from benchmarks.plan import Plan


class Checkout(NamedTuple):
    """A checkout.

    Attributes:
        name: its name in the report; no two of a run have the same one.
        folder: where it is; None for the one that this code is part of.
    """

    name: str
    folder: Path | None


def checkouts(plan: Plan) -> list[Checkout]:
    """Return the checkouts given by `--against`, in that order, and this one as the last."""
    names = [folder.resolve().name for folder in plan.against]
    if len(set(names)) < len(names):
        names = [f"{number} {name}" for number, name in enumerate(names, 1)]
    return [*(Checkout(*named) for named in zip(names, plan.against, strict=True)), Checkout("this tree", None)]


def print_load(title: str) -> None:
    """Print how busy the machine is, before something is measured."""
    print(f"  {title}: load {os.getloadavg()[0]:.2f}", flush=True)
