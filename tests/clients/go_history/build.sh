#!/usr/bin/env bash
# Builds the program; the last line that it prints is the command to start it.
# Needs: Go.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
go build -o "$root/.tools/go/history" .
echo "$root/.tools/go/history"
