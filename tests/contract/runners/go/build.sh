#!/usr/bin/env bash
# Builds the runner; the last line that it prints is the command to start it.
# Needs: Go.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../../../.. && pwd)
go build -o "$root/.tools/go/contract-runner" .
printf '%q\n' "$root/.tools/go/contract-runner"
