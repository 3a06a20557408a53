#!/usr/bin/env bash
# Builds the wheels of the client and the server, installs them into an empty environment and starts the command, with and
# without the driver of SQLite.
# Needs: the Python to build with.
set -euo pipefail
python=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for project in generated/python .; do
  "$python" -m build --wheel --outdir "$folder/dist" "$project" > "$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
done
client=$(echo "$folder"/dist/backscroll_client-*.whl) wheel=$(echo "$folder"/dist/backscroll-*.whl)
tops=$("$python" -c 'import sys, zipfile; print(*sorted({n.split("/")[0] for n in zipfile.ZipFile(sys.argv[1]).namelist()}))' "$wheel")
[[ $tops == "backscroll-"*".dist-info backscroll_server" ]] || { echo "the server's wheel has: $tops"; exit 1; }
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$client" "$wheel"
cd "$folder"
"$folder/venv/bin/python" -c "from backscroll.v1 import message_service_pb2_grpc; import backscroll_server.app"
"$folder/venv/bin/backscroll" --help > /dev/null
"$folder/venv/bin/python" -c "from backscroll_server.contract.loading import default_folder, load_suite; load_suite(default_folder())"
refusal=$("$folder/venv/bin/backscroll" migrate --database "sqlite://$folder/new.db" 2>&1) && { echo "SQLite is there"; exit 1; }
[[ $refusal == *"the extra \`sqlite\`"* && $refusal != *Traceback* ]] || { echo "without its driver: $refusal"; exit 1; }
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "$wheel[sqlite]"
"$folder/venv/bin/backscroll" migrate --database "sqlite://$folder/new.db"
echo "the wheel works in an empty environment"
