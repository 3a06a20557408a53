"""Makes everything that comes from the protos.

That is Python stubs with the protos and a service config beside them, the descriptor set and the service config for
clients in other languages, docs/api.md, and the server's tokens.

Usage: python protos/tools/generate.py FOLDER, where FOLDER is the repository's root or a copy to compare with.
"""

import shutil
import sys
from pathlib import Path

import api_docs
import service_config
from api_examples import read_examples
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

PROTOS = Path(__file__).parents[1]
ROOT = PROTOS.parent
TOKENS = ROOT / "service" / "protos"


def main() -> None:
    """Generate into the folder that the command line names."""
    root = Path(sys.argv[1])
    python, descriptors, docs = root / "generated/python", root / "generated/descriptors", root / "docs"
    service = root / "service"
    for folder in (python, descriptors, docs, service):
        folder.mkdir(parents=True, exist_ok=True)
    files = _files(PROTOS)
    services = [file for file in files if file.endswith("_service.proto")]
    _protoc(f"--python_out={python}", f"--pyi_out={python}", *files)
    _protoc(f"--grpc_python_out={python}", *services)
    _protoc(f"--python_out={service}", f"--pyi_out={service}", *_files(TOKENS), root=TOKENS)
    # Type checkers look for the marker in every top-level package.
    (python / "backscroll" / "py.typed").touch()
    for file in files:
        shutil.copyfile(PROTOS / file, python / file)
    # A distribution carries its licence, and is built from its own folder alone.
    shutil.copyfile(ROOT / "LICENSE", python / "LICENSE")
    descriptor_set = descriptors / "backscroll.binpb"
    with_comments = descriptors / "with_comments.binpb"
    _protoc("--include_imports", f"--descriptor_set_out={descriptor_set}", *files)
    _protoc("--include_source_info", f"--descriptor_set_out={with_comments}", *files)
    contract = FileDescriptorSet.FromString(with_comments.read_bytes())
    with_comments.unlink()
    (docs / "api.md").write_text(api_docs.render(contract, read_examples()), encoding="utf-8")
    config = root / "generated" / "backscroll_grpc_service_config.json"
    config.write_text(service_config.render(contract), encoding="utf-8")
    shutil.copyfile(config, python / "backscroll" / "grpc_service_config.json")


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.proto"))


def _protoc(*arguments: str, root: Path = PROTOS) -> None:
    well_known = Path(protoc.__file__).parent / "_proto"
    status = protoc.main(["protoc", f"-I{root}", f"-I{well_known}", *arguments])
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
