#!/usr/bin/env bash
# Builds the runner, and prints the command that starts it as the last line. What is built stays in .tools/rust.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../../.." && pwd)/.tools/rust
CARGO_TARGET_DIR=$target cargo build --quiet --locked --manifest-path "$here/Cargo.toml" >&2
printf '%q\n' "$target/debug/contract-runner"
