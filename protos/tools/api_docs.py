"""Renders a described contract as one page of Markdown: what holds for every method, each method, then the types."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from api_examples import Example
from api_tables import anchor, enum_table, link, message_table, types_used
from descriptor_comments import Enum, Message, Method, Service, enums, messages, services
from google.protobuf.descriptor_pb2 import FileDescriptorSet, MethodOptions

_INTRODUCTION = Path(__file__).parent / "api_introduction.md"

_SERVICES = ("ConversationService", "MessageService", "EventService", "UserService")
"""The services in the order of the page."""

_COMMON = "This holds for every method of every service:"
"""The paragraph of the first service's comment before the rules that hold everywhere."""

_COMMON_ERRORS = re.compile(r"Every method may return (.*?), and gRPC's own")
_STATUS = re.compile(r"`([A-Z_]+)` \(([^)]*)\)")
_REASONS = ".backscroll.v1.ErrorReason"
_REASON_PREFIX = "ERROR_REASON_"
_WIDTH = 100
_FIRST_SENTENCE = re.compile(r".+?[.:](?=\s|$)")

_LEVELS = {
    MethodOptions.NO_SIDE_EFFECTS: "idempotency level `NO_SIDE_EFFECTS`",
    MethodOptions.IDEMPOTENT: "idempotency level `IDEMPOTENT`",
}


def render(contract: FileDescriptorSet, examples: Mapping[str, Example]) -> str:
    """Return the whole contract as Markdown.

    Args:
        contract: the contract's files with source info.
        examples: an example for each method, by `Service/Method`.

    Raises:
        ValueError: if a method has no example, or an example no method.
    """
    return _Page(contract, examples).text()


class _Page:
    """The content of the page."""

    def __init__(self, contract: FileDescriptorSet, examples: Mapping[str, Example]) -> None:
        described = {service.name: service for service in services(contract)}
        self._services = [described.pop(name) for name in _SERVICES]
        if described:
            raise ValueError(f"no place on the page for {sorted(described)}")
        self._messages = {message.full_name: message for message in messages(contract)}
        self._enums = {enum.full_name: enum for enum in enums(contract)}
        self._examples = examples
        paths = {_short(method) for service in self._services for method in service.methods}
        if paths != set(examples):
            raise ValueError(f"methods without an example, and the reverse: {sorted(paths ^ set(examples))}")
        self._own_types = self._types_of_one_method()

    def text(self) -> str:
        """Return the page."""
        first, *_ = self._services
        at = first.comment.index(_COMMON)
        rules = first.comment[at + 1]
        introduction = _INTRODUCTION.read_text(encoding="utf-8").rstrip("\n") + "\n"
        for name, content in (
            ("CONTENTS", "\n".join(self._contents())),
            ("RULES", rules),
            ("ERRORS", "\n".join(self._common_errors(rules))),
        ):
            introduction = introduction.replace(f"<!-- {name} -->", content)
        lines = [introduction]
        for service in self._services:
            lines += self._service(service, [text for text in service.comment if text not in {_COMMON, rules}])
        lines += ["## Types", "", "Messages and enumerations that more than one method uses, each once.", ""]
        for _, named in self._shared_types():
            for type_ in named:
                lines += [f"### {type_.described.name}", "", *self._type(type_)]
        return "\n".join(lines)

    def _contents(self) -> Iterator[str]:
        yield "- [What holds for every method](#what-holds-for-every-method): [rules](#rules), [metadata](#metadata),"
        yield "  [limits](#limits), [common errors](#common-errors), [examples](#examples)"
        for service in self._services:
            yield f"- [{service.name}](#{anchor(service.name)})"
            for method in service.methods:
                name = method.described.name
                yield f"  - [{name}](#{anchor(name)}): {_summary(method.comment)}"
        yield "- [Types](#types)"
        for file, named in self._shared_types():
            links = ", ".join(link(type_.full_name) for type_ in named)
            yield f"  - {Path(file).stem.removesuffix('_service').replace('_', ' ')}: {links}"

    def _common_errors(self, rules: str) -> Iterator[str]:
        """Yield a table of the errors that the rules name for every method, with the meaning of each reason."""
        named = "".join(_COMMON_ERRORS.findall(rules))
        reasons = self._enums[_REASONS]
        meanings = {
            value.name.removeprefix(_REASON_PREFIX): "<br>".join(comment)
            for value, comment in zip(reasons.described.value, reasons.values, strict=True)
        }
        yield "| status | reason | meaning |"
        yield "|---|---|---|"
        for status, inside in _STATUS.findall(named):
            for reason in re.findall(r"`([A-Z_]{2,})`", inside):
                meaning = re.sub(rf"^`{status}`(, with `RetryInfo`)?\. ", "", meanings[reason])
                yield f"| `{status}` | `{reason}` | {meaning} |"

    def _service(self, service: Service, comment: list[str]) -> Iterator[str]:
        yield f"## {service.name}"
        yield ""
        yield from _paragraphs(comment)
        for method in service.methods:
            yield from self._method(method)

    def _method(self, method: Method) -> Iterator[str]:
        described = method.described
        yield f"### {described.name}"
        yield ""
        level = _LEVELS.get(described.options.idempotency_level, "no idempotency level")
        yield f"`{method.path}`, {level}."
        yield ""
        yield from _paragraphs(method.comment)
        request, response = self._messages[described.input_type], self._messages[described.output_type]
        yield from self._side("Request", request, described.name, streaming=described.client_streaming)
        yield from self._side("Response", response, described.name, streaming=described.server_streaming)
        for full_name in self._own_types[method.path]:
            yield f"#### {full_name.rpartition('.')[2]}"
            yield ""
            yield from self._type(self._messages.get(full_name) or self._enums[full_name])
        yield from _example(self._examples[_short(method)])

    @staticmethod
    def _side(side: str, message: Message, method: str, *, streaming: bool) -> Iterator[str]:
        stream = "Stream of " if streaming else ""
        yield f"**{side}**: {stream}`{message.described.name}`"
        yield ""
        yield from _paragraphs([text for text in message.comment if text != f"{side} for `{method}`."])
        yield from message_table(message)

    @staticmethod
    def _type(type_: Message | Enum) -> Iterator[str]:
        yield from _paragraphs(type_.comment)
        yield from message_table(type_) if isinstance(type_, Message) else enum_table(type_)

    def _types_of_one_method(self) -> dict[str, list[str]]:
        """Return for each method the types that no other method uses, in the order of their files."""
        reached = {
            method.path: self._reached(method.described.input_type) | self._reached(method.described.output_type)
            for service in self._services
            for method in service.methods
        }
        uses = Counter(name for names in reached.values() for name in names)
        order = [*self._messages, *self._enums]
        return {path: [name for name in order if name in names and uses[name] == 1] for path, names in reached.items()}

    def _reached(self, type_name: str) -> set[str]:
        """Return the types that a message uses, at any depth, without itself."""
        found: set[str] = set()
        waiting = list(types_used(self._messages[type_name]))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += types_used(self._messages[name]) if name in self._messages else []
        return found

    def _shared_types(self) -> Iterator[tuple[str, list[Message | Enum]]]:
        """Yield the types that have a place of their own, by file, in the order of the services."""
        elsewhere = {name for names in self._own_types.values() for name in names}
        for service in self._services:
            for method in service.methods:
                elsewhere |= {method.described.input_type, method.described.output_type}
        everything: list[Message | Enum] = [*self._messages.values(), *self._enums.values()]
        files: dict[str, list[Message | Enum]] = {}
        for type_ in everything:
            if type_.full_name not in elsewhere:
                files.setdefault(type_.file.removesuffix(".proto").removesuffix("_service"), []).append(type_)
        subjects = [name.removesuffix("Service").lower() for name in _SERVICES]
        yield from sorted(files.items(), key=lambda item: _rank(item[0].rpartition("/")[2], subjects))


def _example(example: Example) -> Iterator[str]:
    yield f"**Example**: {example.about}"
    yield ""
    for key, value in example.metadata.items():
        yield f"Metadata `{key}: {value}`."
        yield ""
    yield from _json(example.request)
    yield "The response has:"
    yield ""
    yield from _json(example.response)


def _json(value: object) -> Iterator[str]:
    yield "```json"
    yield _written(value)
    yield "```"
    yield ""


def _written(value: object, indent: str = "", used: int = 0) -> str:
    """Return JSON in which what fits into a line stands in one.

    Args:
        value: what to write.
        indent: the spaces before the line on which the value begins.
        used: the number of characters before and after it on that line.
    """
    line = json.dumps(value, ensure_ascii=False)
    if not value or not isinstance(value, dict | list) or len(indent) + used + len(line) <= _WIDTH:
        return line
    inner = f"{indent}  "
    if isinstance(value, list):
        parts = [_written(item, inner, 1) for item in value]
    else:
        parts = [f'"{key}": {_written(item, inner, len(key) + 5)}' for key, item in value.items()]
    first, last = "[]" if isinstance(value, list) else "{}"
    return "".join([first, *(f"\n{inner}{part}," for part in parts)]).removesuffix(",") + f"\n{indent}{last}"


def _paragraphs(comment: list[str]) -> Iterator[str]:
    for paragraph in comment:
        yield paragraph
        yield ""


def _short(method: Method) -> str:
    return method.path.rpartition(".")[2]


def _summary(comment: list[str]) -> str:
    """Return the first sentence of a comment as part of a longer line."""
    sentence = _FIRST_SENTENCE.findall(comment[0])[0].rstrip(".:")
    return f"{sentence[0].lower()}{sentence[1:]}"


def _rank(subject: str, subjects: list[str]) -> tuple[int, str]:
    return (subjects.index(subject) if subject in subjects else len(subjects), subject)
