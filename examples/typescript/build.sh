#!/usr/bin/env bash
# Builds the example; the last line that it prints is the command to start it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../protos/tools/typescript/build.sh" "$here"
printf 'node %q\n' "$here/dist/chat.js"
