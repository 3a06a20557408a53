"""Makes everything that comes from the protos: Python stubs, the descriptor set, and docs/api.md.

Usage: python protos/tools/generate.py FOLDER, where FOLDER is the repository's root or a copy to compare with.
"""

import sys
from pathlib import Path

from api_docs import render
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

PROTOS = Path(__file__).parents[1]


def main() -> None:
    """Generate into the folder that the command line names."""
    root = Path(sys.argv[1])
    python, descriptors, docs = root / "generated/python", root / "generated/descriptors", root / "docs"
    for folder in (python, descriptors, docs):
        folder.mkdir(parents=True, exist_ok=True)
    files = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    services = [file for file in files if file.endswith("_service.proto")]
    contract = [file for file in files if "/internal/" not in file]
    _protoc(f"--python_out={python}", f"--pyi_out={python}", *files)
    _protoc(f"--grpc_python_out={python}", *services)
    # Type checkers look for the marker in every top-level package.
    (python / "backscroll" / "py.typed").touch()
    descriptor_set = descriptors / "backscroll.binpb"
    with_comments = descriptors / "with_comments.binpb"
    _protoc("--include_imports", f"--descriptor_set_out={descriptor_set}", *contract)
    _protoc("--include_source_info", f"--descriptor_set_out={with_comments}", *contract)
    (docs / "api.md").write_text(render(FileDescriptorSet.FromString(with_comments.read_bytes())), encoding="utf-8")
    with_comments.unlink()


def _protoc(*arguments: str) -> None:
    well_known = Path(protoc.__file__).parent / "_proto"
    status = protoc.main(["protoc", f"-I{PROTOS}", f"-I{well_known}", *arguments])
    if status:
        sys.exit(status)


if __name__ == "__main__":
    main()
