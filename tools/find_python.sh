#!/usr/bin/env bash
# Prints a Python of a version that runs; fails where there is none. A program of that name may be a shim that fails.
set -euo pipefail
candidates=("python$1")
if command -v pyenv > /dev/null; then
  candidates+=("$(pyenv root)"/versions/"$1".*/bin/python)
fi
for candidate in "${candidates[@]}"; do
  if "$candidate" -c '' 2> /dev/null; then
    echo "$candidate"
    exit 0
  fi
done
exit 1
