#!/usr/bin/env bash
# Builds the TypeScript client, and projects that depend on it by its path, as far as they changed. One build runs at a time;
# where there is no flock, as on macOS, it is for the caller to see to that.
# Usage: protos/tools/typescript/build.sh [PROJECT…]
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
mkdir -p "$root/.tools"
if command -v flock > /dev/null; then
  exec 9> "$root/.tools/typescript.lock"
  flock 9
fi
client=$root/generated/typescript
for project in "$client" "$@"; do
  cd "$project"
  installed=node_modules/.package-lock.json built=node_modules/.built
  if [ ! "$installed" -nt package-lock.json ]; then
    npm ci --prefer-offline --no-audit --no-fund --loglevel error > /dev/null
    touch "$installed"
  fi
  sources=(src tsconfig.json "$installed")
  [ "$project" = "$client" ] || sources+=("$client/node_modules/.built")
  if [ ! -d dist ] || [ ! -e "$built" ] || [ -n "$(find "${sources[@]}" -newer "$built")" ]; then
    rm -rf dist
    node_modules/.bin/tsc -p .
    touch "$built"
  fi
done
