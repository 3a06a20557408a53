"""Checkouts of this project that are compared in one run."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.contract import Contract, MissingError, contract_of, own_contract
from benchmarks.plan import Plan

_Made = TypeVar("_Made")


class Checkout(NamedTuple):
    """A checkout.

    Attributes:
        name: its name in the report; no two of a run have the same one.
        folder: where it is; None for the one that this code is part of.
    """

    name: str
    folder: Path | None

    @property
    def contract(self) -> Contract:
        """Its calls."""
        return own_contract() if self.folder is None else contract_of(self.folder)


THIS_TREE = Checkout("this tree", None)


def checkouts(plan: Plan) -> list[Checkout]:
    """Return the checkouts given by `--against`, in that order, and this one as the last."""
    names = [folder.resolve().name for folder in plan.against]
    if len(set(names)) < len(names):
        names = [f"{number} {name}" for number, name in enumerate(names, 1)]
    return [*(Checkout(*named) for named in zip(names, plan.against, strict=True)), THIS_TREE]


def prepared(plan: Plan, make: Callable[[Contract], _Made]) -> tuple[dict[Checkout, _Made], list[str]]:
    """Make what each checkout is asked, from its own protos.

    Returns:
        What was made for each checkout, for this one as the last; and a line for each other one that does not have what
        is needed, and so cannot be compared.
    """
    made: dict[Checkout, _Made] = {}
    lines: list[str] = []
    for tree in checkouts(plan):
        try:
            made[tree] = make(tree.contract)
        except MissingError as error:
            if tree is THIS_TREE:
                raise
            lines.append(f"{tree.name} cannot be compared: {error}")
    return made, lines


def print_load(title: str) -> None:
    """Print how busy the machine is, before something is measured."""
    print(f"  {title}: load {os.getloadavg()[0]:.2f}", flush=True)
