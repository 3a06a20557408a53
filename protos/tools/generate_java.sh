#!/usr/bin/env bash
# Generates the Java client's code from the protos.
# Usage: protos/tools/generate_java.sh FOLDER, where FOLDER is the repository's root or a copy to compare with.
# Tools come from Maven by protos/tools/java/pom.xml, once, and are kept in .tools/java.
set -euo pipefail
mkdir -p "$1"
output=$(cd "$1" && pwd)/generated/java
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
pins=protos/tools/java/pom.xml
tools=.tools/java/generator

if ! cmp -s "$pins" "$tools/pom.xml"; then
  rm -rf "$tools"
  mkdir -p "$tools/new"
  system=$(uname -s | tr '[:upper:]' '[:lower:]' | sed 's/darwin/osx/')
  machine=$(uname -m | sed 's/aarch64/aarch_64/;s/arm64/aarch_64/')
  cp "$pins" "$tools/new/pom.xml"
  mvn --batch-mode --quiet --file "$tools/new/pom.xml" "-Dplatform=$system-$machine" generate-resources >&2
  chmod +x "$tools"/new/target/bin/*
  mv "$tools/new/target" "$tools/new/pom.xml" "$tools"
fi

code=$output/src/main/java resources=$output/src/main/resources/dev/backscroll/v1
rm -rf "$code/dev/backscroll/v1"
mkdir -p "$code" "$resources"
# Without the option, the code needs javax.annotation, which the JDK has not.
"$tools/target/bin/protoc" --proto_path=protos --proto_path="$tools/target/include" \
  --plugin="$tools/target/bin/protoc-gen-grpc-java" \
  --java_out="$code" --grpc-java_out=@generated=omit:"$code" protos/backscroll/v1/*.proto
cp generated/backscroll_grpc_service_config.json "$resources/grpc_service_config.json"
# A package carries its licence, and is built from its own folder alone.
cp LICENSE "$output/LICENSE"
