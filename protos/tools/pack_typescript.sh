#!/usr/bin/env bash
# Packs the TypeScript client as it is published, installs the pack into an empty project, and makes a call from there.
# Usage: BACKSCROLL_ADDRESS=HOST:PORT protos/tools/pack_typescript.sh FOLDER, which gets the pack and the project.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
: "${BACKSCROLL_ADDRESS:?}"

"$root/protos/tools/typescript/build.sh"
pack=$(cd "$root/generated/typescript" && npm pack --silent --pack-destination "$folder" | tail -n 1)
rm -rf "$folder/project"
mkdir "$folder/project"
cd "$folder/project"
npm init --yes > /dev/null
# What the client's readme says, but from the pack.
npm install --prefer-offline --no-audit --no-fund --loglevel error \
  "$folder/$pack" @bufbuild/protobuf @connectrpc/connect@2.1 @connectrpc/connect-node@2.1 > /dev/null
cat > call.mjs << 'END'
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { UserService, lostConnections, retries, serviceConfig } from "backscroll-client";

const transport = createGrpcTransport({
  baseUrl: `http://${process.env.BACKSCROLL_ADDRESS}`,
  interceptors: [retries(serviceConfig), lostConnections],
  defaultTimeoutMs: 10_000,
});
const summary = await createClient(UserService, transport).getUnreadSummary({ userId: "pack-typescript" });
console.log(`answered: ${summary.totals?.unreadCount ?? 0}`);
process.exit(0);
END
node call.mjs
