#!/usr/bin/env bash
# Compares the contract with the last tag's, or with main's where there is no tag; says so where there is neither.
set -euo pipefail
against=$(git describe --tags --abbrev=0 2>/dev/null || true)
if [ -z "$against" ]; then
  for branch in origin/main main; do
    if git rev-parse --verify --quiet "$branch^{commit}" > /dev/null; then against=$branch; break; fi
  done
fi
if [ -z "$against" ] || ! git cat-file -e "$against:protos" 2>/dev/null; then
  echo "buf breaking: skipped, there is no earlier contract to compare with"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git archive "$against" protos buf.yaml | tar -x -C "$folder"
buf breaking --against "$folder"
echo "buf breaking: compatible with $against"
