#!/usr/bin/env bash
# Builds the program where it is older than what it is made of; the last line that it prints is the command that starts it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
jar=$PWD/target/follow.jar
newer=""
if [ -e "$jar" ]; then
  newer=$(find ../../generated/java pom.xml reactor.xml src -name target -prune -o -newer "$jar" -print -quit)
fi
if [ ! -e "$jar" ] || [ -n "$newer" ]; then
  mvn --batch-mode --quiet --file reactor.xml package >&2
  touch "$jar"
fi
printf 'java -jar %q\n' "$jar"
