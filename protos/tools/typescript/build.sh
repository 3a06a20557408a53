#!/usr/bin/env bash
# Builds the TypeScript client, and projects that depend on it by its path.
# Usage: protos/tools/typescript/build.sh [PROJECT…]
set -euo pipefail
client=$(cd "$(dirname "$0")/../../../generated/typescript" && pwd)
for project in "$client" "$@"; do
  cd "$project"
  if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --prefer-offline --no-audit --no-fund --loglevel error > /dev/null
    touch node_modules/.package-lock.json
  fi
  node_modules/.bin/tsc -p .
done
