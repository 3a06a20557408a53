"""Every statement that the storage package runs, found by walking its modules."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from backscroll_server import storage
from backscroll_server.storage.engine.statement import ListStatement, Statement
from backscroll_server.storage.tables import conversation_lists, conversations, history_pages


def statements() -> Iterator[tuple[str, Statement]]:
    """Yield each statement with `module.variable`; those made on demand by examples of their shapes."""
    for module_info in pkgutil.walk_packages(storage.__path__, f"{storage.__name__}."):
        if "migrations" in module_info.name:
            continue
        module = importlib.import_module(module_info.name)
        name_of_module = module_info.name.rpartition(".")[2]
        for name, value in vars(module).items():
            for statement in value if isinstance(value, list) else [value]:
                single = statement._statement(2) if isinstance(statement, ListStatement) else statement
                if isinstance(single, Statement):
                    yield f"{name_of_module}.{name}", single
    yield "conversations._update_view", conversations._update_view(("floor",))
    yield "conversations._update_conversation", conversations._update_conversation(("floor",))
    for factory in (history_pages._page, conversation_lists._keys, conversation_lists._chosen):
        shape = next(iter(inspect.signature(factory).parameters.values())).annotation
        fields = list(inspect.signature(shape).parameters)
        # Each field alone and all of them: every part of a text without every combination of parts.
        chosen: list[set[str]] = [set(), set(fields), *({field} for field in fields)]
        for fields_set in chosen:
            made = factory(shape(*(int(field in fields_set) for field in fields)))
            yield (
                f"{factory.__module__.rpartition('.')[2]}.{factory.__name__}",
                (made._statement(2) if isinstance(made, ListStatement) else made),
            )
