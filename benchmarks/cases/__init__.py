"""The cases, one a module, in the order they run."""

from collections.abc import Awaitable, Callable

from benchmarks.cases import (
    attacks,
    batch,
    depth,
    group,
    heavy,
    identities,
    listing,
    memory,
    noise,
    page,
    postgres_page,
    postgres_send,
    purge,
    rates,
    send,
    trees,
    watching,
)
from benchmarks.plan import Plan
from benchmarks.report import Outcome

CASES: dict[str, Callable[[Plan], Awaitable[Outcome]]] = {
    "noise": noise.run,
    "page": page.run,
    "send": send.run,
    "batch": batch.run,
    "depth": depth.run,
    "group": group.run,
    "list": listing.run,
    "watch": watching.run,
    "purge": purge.run,
    "trees": trees.run,
    "heavy": heavy.run,
    "attacks": attacks.run,
    "rates": rates.run,
    "identities": identities.run,
    "memory": memory.run,
    "postgres-page": postgres_page.run,
    "postgres-send": postgres_send.run,
}
COMPARED = frozenset({"page", "send", "batch", "list", "watch", "trees", "heavy"})
"""The cases that also measure other checkouts."""
