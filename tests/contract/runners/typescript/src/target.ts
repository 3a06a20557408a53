// Calls of the target by the names of methods, with requests and answers in protobuf's JSON form.
import {
  createRegistry,
  fromJson,
  toJson,
  type DescFile,
  type DescMethod,
  type DescService,
  type JsonObject,
  type Message,
} from "@bufbuild/protobuf";
import { ConnectError, createClient, type CallOptions, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import * as generated from "backscroll-client";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";

const CONNECT_SECONDS = 10;
const PAUSE_MILLISECONDS = 100;

type Stub = (request: unknown, options: CallOptions) => Promise<Message> | AsyncIterable<Message>;

const REGISTRY = createRegistry(...descriptors<DescFile>("file"));

/** A call: who makes it, and what ends it. */
export interface Call {
  method: string;
  requests: JsonObject[];
  metadata: Headers;
  seconds?: number;
  signal?: AbortSignal;
}

export class Target {
  private readonly transport: Transport;
  private readonly methods = new Map<string, { descriptor: DescMethod; stub: Stub }>();

  /** A server at HOST:PORT; over TLS where there is a file of certificates. */
  constructor(address: string, packageName: string, certificates?: string, serviceConfig?: string) {
    const interceptors: Interceptor[] = [generated.lostConnections];
    if (serviceConfig !== undefined) {
      interceptors.unshift(
        generated.retries(JSON.parse(readFileSync(serviceConfig, "utf-8")) as generated.ServiceConfig),
      );
    }
    this.transport = createGrpcTransport({
      baseUrl: `${certificates === undefined ? "http" : "https"}://${address}`,
      interceptors,
      ...(certificates === undefined ? {} : { nodeOptions: { ca: readFileSync(certificates) } }),
    });
    for (const service of descriptors<DescService>("service")) {
      const client = createClient(service, this.transport) as unknown as Record<string, Stub>;
      for (const descriptor of service.methods) {
        const name = `${service.typeName}/${descriptor.name}`;
        const stub = client[descriptor.localName];
        if (stub !== undefined && name.startsWith(`${packageName}.`)) {
          this.methods.set(name.slice(packageName.length + 1), { descriptor, stub });
        }
      }
    }
  }

  /** Makes a call and yields its answers; notes their metadata in `received`. */
  async *call(call: Call, received: Headers = new Headers()): AsyncGenerator<JsonObject> {
    const method = this.methods.get(call.method);
    if (method === undefined) {
      throw new Error(`there is no method ${call.method}`);
    }
    const { descriptor, stub } = method;
    const requests = call.requests.map((request) => fromJson(descriptor.input, request, { registry: REGISTRY }));
    const streams = descriptor.methodKind === "client_streaming" || descriptor.methodKind === "bidi_streaming";
    const note = (headers: Headers) => headers.forEach((value, key) => received.set(key, value));
    const result = stub(streams ? iterate(requests) : requests[0], {
      headers: call.metadata,
      onHeader: note,
      onTrailer: note,
      ...(call.seconds === undefined ? {} : { timeoutMs: call.seconds * 1000 }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
    for await (const answer of "then" in result ? single(result) : result) {
      yield toJson(descriptor.output, answer, { registry: REGISTRY, useProtoFieldName: true }) as JsonObject;
    }
  }
}

/** Returns an error of a call as an object of what scenarios expect of one; what it does not have is left out. */
export function describe(error: ConnectError): JsonObject {
  const [info] = error.findDetails(generated.ErrorInfoSchema);
  const [request] = error.findDetails(generated.BadRequestSchema);
  const violation = request?.fieldViolations[0];
  return {
    status: generated.statusName(error.code),
    ...(info === undefined ? {} : { reason: info.reason, metadata: info.metadata }),
    ...(violation === undefined ? {} : { field: violation.field }),
    retry: error.findDetails(generated.RetryInfoSchema).length > 0,
  };
}

function descriptors<T extends DescFile | DescService>(kind: T["kind"]): T[] {
  return Object.values(generated).filter(
    (value): value is never => typeof value === "object" && "kind" in value && value.kind === kind,
  );
}

async function* iterate(messages: Message[]): AsyncGenerator<Message> {
  yield* messages;
}

async function* single(message: Promise<Message>): AsyncGenerator<Message> {
  yield await message;
}

/** Waits until something takes connections at HOST:PORT; raises where nothing does within 10 seconds. */
export async function reached(address: string): Promise<void> {
  const colon = address.lastIndexOf(":");
  // An IPv6 address stands in brackets, which `connect` does not take.
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const port = Number(address.slice(colon + 1));
  const end = Date.now() + CONNECT_SECONDS * 1000;
  while (!(await takesConnections(host, port))) {
    if (Date.now() > end) {
      throw new Error(`${address} cannot be reached`);
    }
    await setTimeout(PAUSE_MILLISECONDS);
  }
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_SECONDS * 1000 });
    const end = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}
