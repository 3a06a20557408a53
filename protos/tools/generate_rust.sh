#!/usr/bin/env bash
# Makes what comes from the protos in the Rust client.
# Usage: protos/tools/generate_rust.sh FOLDER, where FOLDER is the repository's root or a copy to compare with.
# Needs: cargo. The generator's crates are those of protos/tools/rust/Cargo.lock; .tools/rust keeps what is built of them.
set -euo pipefail
mkdir -p "$1/generated/rust/src"
crate=$(cd "$1/generated/rust" && pwd)
root=$(cd "$(dirname "$0")/../.." && pwd)
CARGO_TARGET_DIR=$root/.tools/rust cargo run --quiet --locked --manifest-path "$root/protos/tools/rust/Cargo.toml" -- \
  "$root/protos" "$crate"
cp "$root/generated/backscroll_grpc_service_config.json" "$crate/grpc_service_config.json"
# A package carries its licence, and is built from its own folder alone.
cp "$root/LICENSE" "$crate/LICENSE"
