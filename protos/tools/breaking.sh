#!/usr/bin/env bash
# Compares the contract with the released one, an image in the repository: a shallow clone without tags runs it as well.
set -euo pipefail
cd "$(dirname "$0")/../.."
buf breaking protos --against protos/released/v1.binpb
echo "buf breaking: compatible with protos/released/v1.binpb"
