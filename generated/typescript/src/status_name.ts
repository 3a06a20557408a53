import { Code } from "@connectrpc/connect";

/** Returns gRPC's name of a status: `RESOURCE_EXHAUSTED`. */
export function statusName(code: Code): string {
  return code === Code.Canceled
    ? "CANCELLED"
    : (Code[code] ?? String(code)).replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}
