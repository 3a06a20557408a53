#!/usr/bin/env bash
# Builds the example; the last line that it prints is the command to start it.
# Needs: Go.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
go build -o "$root/.tools/go/example" .
printf '%q\n' "$root/.tools/go/example"
