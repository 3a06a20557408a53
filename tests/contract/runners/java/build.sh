#!/usr/bin/env bash
# Builds the runner; the last line that it prints is the command that starts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mvn --batch-mode --quiet --file reactor.xml package >&2
echo "java -jar $PWD/target/contract-runner.jar"
