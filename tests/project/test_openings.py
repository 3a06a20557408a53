"""Openings of docstrings, settings and commands are verbs or noun phrases, as docs/vocabulary.md says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click

from backscroll_server.cli.main import backscroll
from backscroll_server.settings import Settings

ROOT = Path(__file__).parents[2]
FOLDERS = ("service", "benchmarks", "tools", "protos/tools")
BANNED = re.compile(r"(What|Whether|How|Which|Where|Who|When|The same)\b")


def openings() -> Iterator[tuple[str, str]]:
    """Yield each docstring, description of a setting and help of a command, with its place."""
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            # A string that stands alone documents what is around it or before it, attributes and constants included.
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value.value.strip()
    for name, field in Settings.model_fields.items():
        yield f"setting {name}", field.description or ""
    context = click.Context(backscroll)
    for name in backscroll.list_commands(context):
        command = backscroll.get_command(context, name)
        assert command is not None
        yield f"command {name}", command.help or ""
        for option in command.params:
            yield f"command {name} {option.name}", getattr(option, "help", None) or ""


def test_no_opening_is_a_question_word() -> None:
    found = list(openings())
    assert [(place, text.splitlines()[0]) for place, text in found if BANNED.match(text)] == []
    assert len(found) > 1000, "the walk must find the docstrings"
