// Calls of a server in this process that fails as it is made to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { EventService, MessageService, UserService, lostConnections, retries, serviceConfig } from "../dist/index.js";

const POLICY = {
  maxAttempts: 4,
  initialBackoff: "0.01s",
  maxBackoff: "0.02s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};
const ALL = { methodConfig: [{ name: [{}], retryPolicy: POLICY }] };

/** Returns clients of a server whose calls give the errors first, one each, and the number of calls so far. */
function failing(errors, config = ALL, interceptors = [retries(config)]) {
  const state = { calls: 0 };
  const take = () => {
    const error = errors[state.calls++];
    if (error !== undefined) {
      throw error;
    }
    return {};
  };
  const transport = createRouterTransport(
    ({ service }) => {
      service(UserService, { getUnreadSummary: take });
      service(MessageService, { sendMessage: take });
      service(EventService, {
        async *watchEvents(request) {
          if (request.resumeToken !== "begun") {
            take();
          }
          yield { resumeToken: request.userId };
          if (request.resumeToken === "begun") {
            take();
          }
        },
      });
    },
    { transport: { interceptors } },
  );
  state.users = createClient(UserService, transport);
  state.messages = createClient(MessageService, transport);
  state.events = createClient(EventService, transport);
  return state;
}

const error = (code, metadata) => new ConnectError("made", code, metadata);
const unavailable = () => error(Code.Unavailable);
const code = (expected) => (reason) => ConnectError.from(reason).code === expected;

test("a call is repeated until it is answered", async () => {
  const server = failing([unavailable(), unavailable(), unavailable()]);
  await server.users.getUnreadSummary({});
  assert.equal(server.calls, 4);
});

test("a call is attempted as often as the policy says", async () => {
  const server = failing(Array.from({ length: 9 }, unavailable));
  await assert.rejects(server.users.getUnreadSummary({}), code(Code.Unavailable));
  assert.equal(server.calls, 4);
});

test("another status is not repeated", async () => {
  const server = failing([error(Code.Internal)]);
  await assert.rejects(server.users.getUnreadSummary({}), code(Code.Internal));
  assert.equal(server.calls, 1);
});

test("a stream is repeated with its request until it has begun", async () => {
  const server = failing([unavailable(), unavailable()]);
  const tokens = [];
  for await (const { resumeToken } of server.events.watchEvents({ userId: "alice" })) {
    tokens.push(resumeToken);
  }
  assert.deepEqual(tokens, ["alice"]);
  assert.equal(server.calls, 3);
});

test("a stream that has begun is not repeated", async () => {
  const server = failing([unavailable()]);
  const read = async () => {
    for await (const _ of server.events.watchEvents({ resumeToken: "begun" }));
  };
  await assert.rejects(read(), code(Code.Unavailable));
  assert.equal(server.calls, 1);
});

/** Returns a client of imports, and what arrived in each attempt; the first attempts fail after as many messages. */
function importing(failing) {
  const attempts = [];
  const transport = createRouterTransport(
    ({ service }) => {
      service(MessageService, {
        async importMessages(requests) {
          const arrived = [];
          const most = failing[attempts.push(arrived) - 1] ?? Infinity;
          for await (const { userId } of requests) {
            arrived.push(userId.slice(0, 5));
            if (arrived.length >= most) {
              throw unavailable();
            }
          }
          return {};
        },
      });
    },
    { transport: { interceptors: [retries(ALL)] } },
  );
  return { attempts, messages: createClient(MessageService, transport) };
}

async function* imported(...userIds) {
  for (const userId of userIds) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield { userId };
  }
}

test("a stream of requests is sent again from the first one on", async () => {
  const server = importing([1, 2]);
  await server.messages.importMessages(imported("one", "two", "three"));
  assert.deepEqual(server.attempts, [["one"], ["one", "two"], ["one", "two", "three"]]);
});

test("a stream of more requests than are kept is not repeated", async () => {
  const large = "large".padEnd(3 * 1024 * 1024);
  const server = importing([2]);
  await assert.rejects(server.messages.importMessages(imported(large, large, "small")), code(Code.Unavailable));
  assert.deepEqual(server.attempts, [["large", "large"]]);
  const passing = importing([]);
  await passing.messages.importMessages(imported(large, large, "small"));
  assert.deepEqual(passing.attempts, [["large", "large", "small"]]);
});

test("a stream of requests that fails by itself is not repeated, and its failure is the caller's", async () => {
  const server = importing([]);
  async function* broken() {
    yield* imported("one");
    throw unavailable();
  }
  await assert.rejects(server.messages.importMessages(broken()), code(Code.Unavailable));
  assert.ok(server.attempts.length <= 1);
});

test("a stream of requests is ended when its call fails", async () => {
  let ended = false;
  async function* endless() {
    try {
      while (true) {
        yield* imported("one");
      }
    } finally {
      ended = true;
    }
  }
  const server = importing([1, 1, 1, 1]);
  await assert.rejects(server.messages.importMessages(endless()), code(Code.Unavailable));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(ended);
  assert.equal(server.attempts.length, 4);
});

test("the server names the pause, or forbids to repeat", async () => {
  const later = failing([error(Code.Unavailable, { "grpc-retry-pushback-ms": "300" })]);
  const begin = Date.now();
  await later.users.getUnreadSummary({});
  assert.ok(Date.now() - begin >= 290);
  const never = failing([error(Code.Unavailable, { "grpc-retry-pushback-ms": "-1" })]);
  await assert.rejects(never.users.getUnreadSummary({}), code(Code.Unavailable));
  assert.equal(never.calls, 1);
});

test("a deadline and a cancellation end the pauses", async () => {
  const slow = {
    methodConfig: [{ name: [{}], retryPolicy: { ...POLICY, initialBackoff: "30s", maxBackoff: "30s" } }],
  };
  await assert.rejects(
    failing([unavailable()], slow).users.getUnreadSummary({}, { timeoutMs: 50 }),
    code(Code.DeadlineExceeded),
  );
  const call = failing([unavailable()], slow).users.getUnreadSummary({}, { signal: AbortSignal.timeout(50) });
  await assert.rejects(call, (reason) =>
    [Code.Canceled, Code.DeadlineExceeded].includes(ConnectError.from(reason).code),
  );
});

test("the service config of the contract repeats reads and leaves other calls", async () => {
  const server = failing([unavailable()], serviceConfig);
  await server.users.getUnreadSummary({});
  assert.equal(server.calls, 2);
  const sending = failing([unavailable()], serviceConfig);
  await assert.rejects(sending.messages.sendMessage({}), code(Code.Unavailable));
  assert.equal(sending.calls, 1);
});

test("a lost connection is UNAVAILABLE, and what the server says stays", async () => {
  // The error of a transport has no status of gRPC in its metadata, that of a server has.
  const broken = (made) => () => () => Promise.reject(made);
  const lost = failing([], ALL, [lostConnections, broken(error(Code.Aborted))]);
  await assert.rejects(lost.users.getUnreadSummary({}), code(Code.Unavailable));
  const said = failing([], ALL, [lostConnections, broken(error(Code.Aborted, { "grpc-status": "10" }))]);
  await assert.rejects(said.users.getUnreadSummary({}), code(Code.Aborted));
});
