"""Holds the reasons that calls of the tests were refused with against those that the contract's comments list.

Usage: python -m tools.reasons FOLDER, where FOLDER has what the suites recorded (`BACKSCROLL_TEST_REASONS`). It fails
for a reason that was returned and stands in no comment of that RPC or of the common list, and for one that a comment
lists and no test saw, unless `tools/unseen_reasons.txt` excuses it; an excuse that is not needed fails too.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import grpc
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from backscroll.v1 import error_pb2

ROOT = Path(__file__).parents[1]
EXCUSED = ROOT / "tools" / "unseen_reasons.txt"
STATUSES = {code.name for code in grpc.StatusCode}
REASONS = {name.removeprefix("ERROR_REASON_") for name in dict(error_pb2.ErrorReason.items())}

# Field numbers in descriptor.proto, of which the paths of comments are made.
_SERVICE, _METHOD = 6, 2


class Refusal(NamedTuple):
    """A reason with its status, of one RPC; of the common list the RPC is `*`."""

    rpc: str
    status: str
    reason: str


def main() -> None:
    """Print what is missing on either side, and exit with 1 if anything is."""
    folder = Path(sys.argv[1])
    seen = set(_seen(folder))
    if not seen:
        sys.exit(f"{folder} has no records: run the suites with BACKSCROLL_TEST_REASONS={folder.absolute()} first")
    listed = set(_listed())
    common = {refusal[1:] for refusal in listed if refusal.rpc == "*"}
    excused = set(EXCUSED.read_text(encoding="utf-8").split("\n"))
    unlisted = sorted(one for one in seen if one not in listed and one[1:] not in common)
    seen_anywhere = {refusal[1:] for refusal in seen}
    unseen = sorted(
        one
        for one in listed
        if (one not in seen if one.rpc != "*" else one[1:] not in seen_anywhere)
        and one.reason not in excused
        and " ".join(one) not in excused
    )
    needless = sorted(excused & ({one.reason for one in seen} | {" ".join(one) for one in seen}))
    for one in unlisted:
        print(f"returned, and listed in no comment: {' '.join(one)}")
    for one in unseen:
        print(f"listed in a comment, and no test saw it: {' '.join(one)}")
    for line in needless:
        print(f"excused, but a test saw it: {line}")
    print(f"{len(seen)} refusals seen, {len(listed)} listed, {len(unlisted)} unlisted, {len(unseen)} unseen")
    sys.exit(bool(unlisted or unseen or needless))


def _seen(folder: Path) -> Iterator[Refusal]:
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield Refusal(*line.split("\t"))


def _listed() -> Iterator[Refusal]:
    """Yield what the comments of services (for all RPCs) and of RPCs list."""
    for file in _described().file:
        comments = {tuple(location.path): location.leading_comments for location in file.source_code_info.location}
        for at, service in enumerate(file.service):
            if service.name == "ConversationService":
                common = re.search(r"may return(.*?)\. Methods", " ".join(comments[_SERVICE, at].split()))
                yield from _refusals("*", common.group(1) if common else "")
            for number, method in enumerate(service.method):
                comment = comments.get((_SERVICE, at, _METHOD, number), "")
                errors = re.search(r"Errors:(.*?)(?:\n\s*\n|$)", comment, re.DOTALL)
                yield from _refusals(method.name, errors.group(1) if errors else "")


def _refusals(rpc: str, text: str) -> Iterator[Refusal]:
    status = ""
    for name in re.findall(r"`([A-Z_]+)`", text):
        # A status that is also a reason, as INTERNAL, is a reason where it follows itself.
        if name in STATUSES and name != status:
            status = name
        elif name in REASONS and status:
            yield Refusal(rpc, status, name)


def _described() -> FileDescriptorSet:
    files = [str(path.relative_to(ROOT / "protos")) for path in sorted((ROOT / "protos").rglob("*.proto"))]
    well_known = Path(protoc.__file__).parent / "_proto"
    with TemporaryDirectory() as folder:
        out = Path(folder) / "described.binpb"
        arguments = [f"-I{ROOT / 'protos'}", f"-I{well_known}", "--include_source_info", f"--descriptor_set_out={out}"]
        if protoc.main(["protoc", *arguments, *files]):
            sys.exit("the protos cannot be read")
        return FileDescriptorSet.FromString(out.read_bytes())


if __name__ == "__main__":
    main()
