#!/usr/bin/env bash
# Builds the wheel, installs it into an empty environment and starts the command, with and without the driver of SQLite.
# Needs: the Python to build with.
set -euo pipefail
python=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m build --wheel --outdir "$folder/dist" . > "$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$folder"/dist/*.whl
cd "$folder"
"$folder/venv/bin/python" -c "from backscroll.v1 import message_service_pb2_grpc; import backscroll_server.app"
"$folder/venv/bin/backscroll" --help > /dev/null
refusal=$("$folder/venv/bin/backscroll" migrate --database "sqlite://$folder/new.db" 2>&1) && { echo "SQLite is there"; exit 1; }
[[ $refusal == *"the extra \`sqlite\`"* && $refusal != *Traceback* ]] || { echo "without its driver: $refusal"; exit 1; }
wheel=$(echo "$folder"/dist/*.whl)
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$wheel[sqlite]"
"$folder/venv/bin/backscroll" migrate --database "sqlite://$folder/new.db"
echo "the wheel works in an empty environment"
