"""The retries of TypeScript and Rust, which no library has for them, pass the tests that stand beside their code."""

import pytest

from tests.clients.runners import TOOLS
from tests.support.commands import ROOT, run, skip_without

pytestmark = pytest.mark.toolchains


def test_typescript_passes_its_own_tests() -> None:
    skip_without(TOOLS["typescript"])
    run(ROOT, ROOT / "protos/tools/typescript/build.sh")
    run(ROOT / "generated/typescript", "node", "--test", "tests")


def test_rust_passes_its_own_tests() -> None:
    skip_without(TOOLS["rust"])
    manifest = ROOT / "generated/rust/Cargo.toml"
    target = f"CARGO_TARGET_DIR={ROOT / '.tools/rust'}"
    run(ROOT, "env", target, "cargo", "test", "--quiet", "--locked", "--manifest-path", manifest)
