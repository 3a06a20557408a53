import { toBinary, type Message } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import { KeptMessages } from "./kept_messages.js";
import { statusName } from "./status_name.js";

/** gRPC's service config, as far as it says what to retry. */
export interface ServiceConfig {
  methodConfig?: { name?: MethodName[]; retryPolicy?: RetryPolicy }[];
}

/** A method; without `method` all of a service, without both all methods. */
export interface MethodName {
  service?: string;
  method?: string;
}

/** When a call is repeated, and after which time: durations are texts such as `0.1s`. */
export interface RetryPolicy {
  maxAttempts: number;
  initialBackoff: string;
  maxBackoff: string;
  backoffMultiplier: number;
  retryableStatusCodes: string[];
}

const TIMEOUT = "grpc-timeout";
const PREVIOUS_ATTEMPTS = "grpc-previous-rpc-attempts";
const PUSHBACK = "grpc-retry-pushback-ms";
/** How far a pause may lie from what the policy says, as a part of it. */
const JITTER = 0.2;

/**
 * Returns an interceptor that repeats calls as a service config says, until a message of the answer arrives.
 *
 * The requests of a stream are sent as they come, and kept while they have at most 4 MiB; with more, the call is not
 * repeated. Where the caller's stream fails, so does the call, with the same error. A server can name the pause, or
 * forbid to repeat, by the metadata `grpc-retry-pushback-ms`. The deadline of a call is for all attempts and pauses
 * together.
 */
export function retries(config: ServiceConfig): Interceptor {
  const policies = new Map<string, RetryPolicy>();
  for (const { name, retryPolicy } of config.methodConfig ?? []) {
    for (const { service, method } of name ?? []) {
      if (retryPolicy !== undefined) {
        policies.set(`${service ?? ""}/${method ?? ""}`, retryPolicy);
      }
    }
  }
  return (next) => async (request) => {
    const service = request.service.typeName;
    const policy =
      policies.get(`${service}/${request.method.name}`) ?? policies.get(`${service}/`) ?? policies.get("/");
    if (policy === undefined || request.method.methodKind === "bidi_streaming") {
      return next(request);
    }
    if (!request.stream) {
      return repeat(request, next, policy);
    }
    const sizeOf = (message: Message) => toBinary(request.method.input, message).length;
    const messages = new KeptMessages<Message>(request.message, sizeOf);
    try {
      return await repeat(request, next, policy, messages);
    } catch (error) {
      throw messages.failure ?? error;
    } finally {
      messages.close();
    }
  };
}

type Request = UnaryRequest | StreamRequest;
type Response = UnaryResponse | StreamResponse;

async function repeat(
  request: Request,
  next: (request: Request) => Promise<Response>,
  policy: RetryPolicy,
  messages?: KeptMessages<Message>,
): Promise<Response> {
  const begin = performance.now();
  const timeout = /^(\d+)m$/.exec(request.header.get(TIMEOUT) ?? "")?.[1];
  let backoff = milliseconds(policy.initialBackoff);
  for (let attempt = 1; ; attempt++) {
    if (attempt > 1) {
      request.header.set(PREVIOUS_ATTEMPTS, String(attempt - 1));
      if (timeout !== undefined) {
        const left = Math.max(1, Math.ceil(Number(timeout) - (performance.now() - begin)));
        request.header.set(TIMEOUT, `${left}m`);
      }
    }
    try {
      const sent = messages === undefined ? request : ({ ...request, message: messages.all() } as Request);
      return await begun(await next(sent));
    } catch (reason) {
      const canRepeat = messages?.endAttempt() ?? true;
      const error = ConnectError.from(reason);
      const pushback = error.metadata.get(PUSHBACK);
      const repeats =
        canRepeat &&
        policy.retryableStatusCodes.includes(statusName(error.code)) &&
        (pushback === null || /^\d+$/.test(pushback));
      if (!repeats || attempt >= policy.maxAttempts || request.signal.aborted) {
        throw error;
      }
      if (pushback === null) {
        await pause(backoff * (1 + JITTER * (2 * Math.random() - 1)), request.signal);
        backoff = Math.min(backoff * policy.backoffMultiplier, milliseconds(policy.maxBackoff));
      } else {
        await pause(Number(pushback), request.signal);
        backoff = milliseconds(policy.initialBackoff);
      }
    }
  }
}

/** Returns an answer as soon as it has begun: that of a stream with its first message, or its end. */
async function begun(response: Response): Promise<Response> {
  if (!response.stream) {
    return response;
  }
  const messages = response.message[Symbol.asyncIterator]();
  const first = await messages.next();
  return { ...response, message: rest(first, messages) };
}

async function* rest<T>(first: IteratorResult<T>, messages: AsyncIterator<T>): AsyncIterable<T> {
  try {
    for (let result = first; result.done !== true; result = await messages.next()) {
      yield result.value;
    }
  } finally {
    await messages.return?.();
  }
}

function pause(duration: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(ConnectError.from(signal.reason, Code.Canceled));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, duration);
    signal.addEventListener("abort", stop, { once: true });
  });
}

function milliseconds(duration: string): number {
  return Number(duration.replace(/s$/, "")) * 1000;
}
