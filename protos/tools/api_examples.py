"""Reads the example calls of the contract, one for each method, from `protos/examples.json`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[1] / "examples.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A call that works after the examples before it in the file.

    Attributes:
        call: the method, as `ConversationService/GetConversation`.
        about: a sentence that says what the call does.
        metadata: the metadata of the call.
        request: the request in protobuf's JSON form; several for a stream of requests.
        response: a part of the response that is the same for each run.
    """

    call: str
    about: str
    request: Any
    response: dict[str, Any]
    metadata: dict[str, str]


def read_examples() -> dict[str, Example]:
    """Return the examples by their methods."""
    examples = [
        Example(item["call"], item["about"], item["request"], item["response"], item.get("metadata", {}))
        for item in json.loads(EXAMPLES.read_text(encoding="utf-8"))
    ]
    return {example.call: example for example in examples}
