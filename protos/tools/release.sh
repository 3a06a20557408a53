#!/usr/bin/env bash
# Writes the image of the contract that later ones are compared with. Refuses one that breaks it, unless BREAK=1 is set:
# then CHANGELOG.md must say what broke.
set -euo pipefail
cd "$(dirname "$0")/../.."
image=protos/released/v1.binpb
if [ -e "$image" ] && [ "${BREAK:-}" != 1 ] && ! buf breaking protos --against "$image"; then
  echo "the contract breaks $image: set BREAK=1 to renew it all the same, and say in CHANGELOG.md what broke" >&2
  exit 1
fi
mkdir -p "$(dirname "$image")"
buf build protos --exclude-source-info --output "$image"
