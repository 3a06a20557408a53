#!/usr/bin/env bash
# Generates the Go client's code from the protos into FOLDER/generated/go, and touches nothing else of the package there.
# FOLDER is the repository's root or a copy to compare with.
# Needs: Go, and the environment that `make setup` makes, or buf in the PATH. The plugins are those of go/go.sum.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
mkdir -p "$1/generated/go"
output=$(cd "$1/generated/go" && pwd)
cd "$(dirname "$0")/../.."
tools=$PWD/.tools/go
if ! cmp -s protos/tools/go/go.sum "$tools/go.sum"; then
  mkdir -p "$tools"
  (cd protos/tools/go && GOBIN=$tools go install tool)
  cp protos/tools/go/go.sum "$tools/go.sum"
fi
rm -rf "$tools/generated"
PATH=$tools:$PWD/.venv/bin:$PATH buf generate protos --template protos/tools/go/buf.gen.yaml --output "$tools/generated"
rm -rf "$output/backscroll"
mv "$tools/generated/backscroll" "$output/backscroll"
cp generated/backscroll_grpc_service_config.json "$output/grpc_service_config.json"
cp LICENSE "$output/LICENSE"
