#!/usr/bin/env bash
# Builds the client's wheel and installs it alone into empty environments, with the oldest dependencies that it allows and with
# the newest; there the example of its README calls a server.
# Needs: the Python to build with, of an environment that has the server and uv.
set -euo pipefail
python=$1
bin=$(dirname "$python")
client=generated/python
step_seconds=300
start_seconds=60

folder=$(mktemp -d)
server=""
end() {
  if [ -n "$server" ]; then
    kill "$server" 2> /dev/null || true
    wait "$server" || true
  fi
  rm -rf "$folder"
}
trap end EXIT
bounded() { timeout "$step_seconds" "$@"; }

bounded "$python" -m build --wheel --outdir "$folder/dist" "$client" > "$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
wheel=$(echo "$folder"/dist/*.whl)

touch "$folder/serving"
"$bin/backscroll" serve --database "sqlite://$folder/check.db" --listen 127.0.0.1:0 > "$folder/serving" 2> "$folder/log" &
server=$!
deadline=$((SECONDS + start_seconds))
until target=$(sed -n 's/^serving on //p' "$folder/serving") && [ -n "$target" ]; do
  if ! kill -0 "$server" 2> /dev/null || ((SECONDS > deadline)); then
    echo "the server did not start:"; cat "$folder/log"; exit 1
  fi
  sleep 0.1
done
sed -n '/^```python$/,/^```$/{/^```/d;p}' "$client/README.md" | sed "s/127\.0\.0\.1:50051/$target/" > "$folder/example.py"
grep -q "$target" "$folder/example.py"
expected=$'alice Hello, Bob\nINVALID_ARGUMENT REQUIRED conversation.target.id'

for resolution in lowest-direct highest; do
  venv=$folder/$resolution
  bounded "$bin/uv" pip compile --quiet --python "$python" --resolution "$resolution" --no-header --no-annotate \
    "$client/pyproject.toml" -o "$folder/$resolution.txt" > /dev/null
  "$python" -m venv "$venv"
  bounded "$venv/bin/pip" install --quiet --disable-pip-version-check --constraint "$folder/$resolution.txt" "$wheel"
  installed=$("$venv/bin/pip" list --disable-pip-version-check --format freeze)
  echo "$resolution: $(echo $installed)"
  ! grep -qi '^backscroll==' <<< "$installed" || { echo "the server is installed"; exit 1; }
  # Away from the sources. The second environment repeats the first one's send, which stores nothing twice.
  printed=$(cd "$folder" && bounded "$venv/bin/python" -I example.py)
  echo "$printed"
  [ "$printed" = "$expected" ] || { echo "but expected: $expected"; exit 1; }
  (cd "$folder" && "$venv/bin/python" -I - << 'END'
from importlib.resources import files

package = files("backscroll")
missing = [name for name in ("py.typed", "v1/message.proto", "v1/message_pb2.pyi") if not (package / name).is_file()]
assert not missing, missing
END
  )
done
echo "the client works without the server"
