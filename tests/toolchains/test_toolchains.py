"""Client code in each language: generated from the protos, compiled without a warning, and run against a server."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest

from backscroll.v1 import conversation_pb2, message_service_pb2
from backscroll.v1.message_service_pb2_grpc import MessageServiceStub
from tests.support.commands import ROOT, run, skip_without
from tests.support.fixtures import Ids
from tests.support.server_process import RunningServer, start_server
from tests.toolchains.commands import HERE, buf

pytestmark = pytest.mark.toolchains

_Command = list[str | Path]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server on SQLite: the database makes no difference to clients."""
    running = start_server(f"sqlite://{tmp_path_factory.mktemp('database') / 'backscroll.db'}")
    yield running
    assert running.stop() == 0, running.log_text()


def _python(project: Path) -> _Command:
    run(project, sys.executable, "-W", "error", ROOT / "protos/tools/generate.py", project)
    python = project / "generated/python"
    run(project, sys.executable, "-W", "error", "-m", "compileall", "-q", python)
    return ["env", f"PYTHONPATH={python}", sys.executable, "-W", "error", project / "sample.py"]


def _go(project: Path) -> _Command:
    # The plugins put the code where `go_package` says, without options: into the module of that name.
    module = project / "github.com/backscroll/backscroll-go"
    shutil.copytree(HERE / "go", module)
    run(module, "env", f"GOBIN={project / 'bin'}", "go", "install", "tool")
    buf("go", project, project / "bin")
    run(module, "go", "vet", "./...")
    run(module, "go", "build", "-o", project / "program", "./sample")
    return [project / "program"]


def _java(project: Path) -> _Command:
    system, machine = os.uname().sysname, os.uname().machine
    platform = {"Darwin": "osx"}.get(system, system.lower()) + "-" + {"aarch64": "aarch_64"}.get(machine, machine)
    run(project, "mvn", "--batch-mode", "--quiet", f"-Dplatform={platform}", "generate-resources")
    for executable in (project / "target/bin").iterdir():
        executable.chmod(0o755)
    buf("java", project, project / "target/bin")
    jars, classes = f"{project}/target/jars/*", project / "classes"
    sources = sorted((project / "generated").rglob("*.java"))
    run(project, "javac", "-Xlint:all", "-Werror", "-proc:none", "-cp", jars, "-d", classes, "Sample.java", *sources)
    return ["java", "-cp", f"{classes}:{jars}", "Sample"]


def _typescript(project: Path) -> _Command:
    run(project, "npm", "ci", "--ignore-scripts")
    tools = project / "node_modules/.bin"
    buf("typescript", project, tools)
    run(project, tools / "tsc", "--project", ".")
    return ["node", project / "dist/sample.js"]


def _rust(project: Path) -> _Command:
    descriptors = ROOT / "generated/descriptors/backscroll.binpb"
    run(project, "env", f"BACKSCROLL_DESCRIPTORS={descriptors}", "cargo", "build", "--locked", "--target-dir", "target")
    return [project / "target/debug/sample"]


# The ones that take longest come first.
_LANGUAGES: dict[str, tuple[Callable[[Path], _Command], tuple[str, ...]]] = {
    "rust": (_rust, ("cargo", "rustc")),
    "go": (_go, ("go",)),
    "java": (_java, ("mvn", "javac", "java")),
    "typescript": (_typescript, ("npm", "node")),
    "python": (_python, ()),
}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_client_compiles_without_a_warning_and_sends_pages_and_watches(
    language: str, server: RunningServer, ids: Ids, tmp_path: Path
) -> None:
    build, tools = _LANGUAGES[language]
    skip_without(tools)
    project = tmp_path / "project"
    if language == "go":
        project.mkdir()
    else:
        shutil.copytree(HERE / language, project, ignore=shutil.ignore_patterns("node_modules", "target"))
    program, user = build(project), ids.user(language)

    assert run(project, *program, server.target, user).strip() == "sent, paged, watched"

    assert _stored(server, user) == ["one", "two"]


def _stored(server: RunningServer, user: str) -> list[str]:
    target = conversation_pb2.ConversationTarget(type=conversation_pb2.CONVERSATION_TYPE_SINGLE, id=f"{user}-friend")
    request = message_service_pb2.ListMessagesRequest(
        user_id=user,
        conversation=conversation_pb2.ConversationReference(target=target),
        direction=message_service_pb2.SEARCH_DIRECTION_DOWN,
    )
    with grpc.insecure_channel(server.target) as channel:
        page = MessageServiceStub(channel).ListMessages(request)
    return [message.content.text.text for message in page.messages]
