"""A break of the released contract is never silent: each kind is found in a copy without history."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGE = "protos/released/v1.binpb"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the protos, their tools and the released image, without a Git repository."""
    for name in ("protos", "service/protos"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    return tmp_path


def run(copy: Path, script: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **settings}
    command = [str(copy / "protos" / "tools" / script)]
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120)


def changed(name: str, before: str, after: str) -> Callable[[Path], None]:
    """Return a function that replaces one text in a file of the contract."""

    def change(copy: Path) -> None:
        path = copy / "protos" / "backscroll" / "v1" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, (name, before)
        path.write_text(text.replace(before, after), encoding="utf-8")

    return change


def move_tombstone(copy: Path) -> None:
    """Move a message to another file of the package."""
    folder = copy / "protos" / "backscroll" / "v1"
    text = (folder / "message.proto").read_text(encoding="utf-8")
    begin = text.index("message Tombstone {")
    end = text.index("\n}\n", begin) + 3
    head = 'syntax = "proto3";\npackage backscroll.v1;\nimport "google/protobuf/timestamp.proto";\n'
    (folder / "tombstone.proto").write_text(head + text[begin:end], encoding="utf-8")
    text = (text[:begin] + text[end:]).replace("import ", 'import "backscroll/v1/tombstone.proto";\nimport ', 1)
    (folder / "message.proto").write_text(text, encoding="utf-8")


def use_reserved_number(copy: Path) -> None:
    """Give a number that stays unused to a new value."""
    changed("conversation.proto", "  reserved 3;\n", "")(copy)
    last = "  CONVERSATION_TYPE_CHAT_ROOM = 5;\n"
    changed("conversation.proto", last, f"{last}  // New.\n  CONVERSATION_TYPE_NEW = 3;\n")(copy)


BREAKS: dict[str, Callable[[Path], None]] = {
    "a field's type": changed("message.proto", "  string deleted_by = 1;", "  bytes deleted_by = 1;"),
    "a field removed": changed("message.proto", "  string deleted_by = 1;", ""),
    "a number reused": changed("message.proto", "  string deleted_by = 1;", "  string recalled_with = 1;"),
    "an idempotency level": changed(
        "message_service.proto",
        "  rpc GetMessage(GetMessageRequest) returns (GetMessageResponse) {\n"
        "    option idempotency_level = NO_SIDE_EFFECTS;\n  }",
        "  rpc GetMessage(GetMessageRequest) returns (GetMessageResponse);",
    ),
    "an option": changed("message.proto", 'option java_package = "dev.backscroll.v1";', ""),
    "a message moved": move_tombstone,
    "a method removed": changed(
        "message_service.proto",
        "  rpc ListReaders(ListReadersRequest) returns (ListReadersResponse) {\n"
        "    option idempotency_level = NO_SIDE_EFFECTS;\n  }",
        "",
    ),
    "a reserved number used": use_reserved_number,
    "a stream made a single answer": changed(
        "event_service.proto", "returns (stream WatchEventsResponse)", "returns (WatchEventsResponse)"
    ),
}


def test_contract_when_as_released_or_with_more_is_compatible(copy: Path) -> None:
    assert not (copy / ".git").exists()
    assert run(copy, "breaking.sh").returncode == 0
    changed("message.proto", "  string deleted_by = 1;", "  string deleted_by = 1;\n  string note = 9;")(copy)
    assert run(copy, "breaking.sh").returncode == 0


@pytest.mark.parametrize("name", BREAKS)
def test_contract_when_broken_is_found_and_released_only_on_purpose(copy: Path, name: str) -> None:
    BREAKS[name](copy)
    image = (copy / IMAGE).read_bytes()
    found = run(copy, "breaking.sh")
    assert found.returncode != 0
    assert "backscroll/v1/" in found.stdout + found.stderr
    refused = run(copy, "release.sh")
    assert refused.returncode == 1, refused.stderr
    assert "BREAK=1" in refused.stderr
    assert (copy / IMAGE).read_bytes() == image
    assert run(copy, "release.sh", BREAK="1").returncode == 0
    assert run(copy, "breaking.sh").returncode == 0
