#!/usr/bin/env bash
# Packs the Java client as it would be published, into a Maven repository in a folder; installs it from there into an empty
# project and calls a server with it.
# Usage: BACKSCROLL_ADDRESS=HOST:PORT protos/tools/pack_java.sh FOLDER
set -euo pipefail
: "${BACKSCROLL_ADDRESS:?names no server}"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
client=dev/backscroll/backscroll-client
# Maven keeps what it installs, and would take an earlier pack in place of this one: the user's own folder is left alone.
installed=$PWD/.tools/java/installed
rm -rf "${installed:?}/$client" "$folder/package" "$folder/repository" "$folder/project"
maven() { mvn --batch-mode --quiet "-Dmaven.repo.local=$installed" "$@" >&2; }

cp -r generated/java "$folder/package"
rm -rf "$folder/package/target"
maven --file "$folder/package/pom.xml" deploy "-DaltDeploymentRepository=packed::file://$folder/repository"
for kind in .jar -sources.jar .pom; do
  compgen -G "$folder/repository/$client/*/backscroll-client-*[0-9]$kind" > /dev/null || { echo "the pack has no *$kind"; exit 1; }
done
rm -rf "${installed:?}/$client"

mkdir -p "$folder/project/src/main/java"
cp protos/tools/java/first_call/pom.xml "$folder/project"
cp protos/tools/java/first_call/FirstCall.java "$folder/project/src/main/java"
maven --file "$folder/project/pom.xml" "-Dpacked=file://$folder/repository" compile
java -cp "$folder/project/target/classes:$folder/project/target/jars/*" FirstCall "$BACKSCROLL_ADDRESS"
