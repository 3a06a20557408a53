// Calls of a server in this process that fails as it is made to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http2";
import { test } from "node:test";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { Http2SessionManager, connectNodeAdapter, createGrpcTransport } from "@connectrpc/connect-node";
import { EventService, MessageService, UserService, lostConnections, retries, serviceConfig } from "../dist/index.js";

const POLICY = {
  maxAttempts: 4,
  initialBackoff: "0.01s",
  maxBackoff: "0.02s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
};
const ALL = { methodConfig: [{ name: [{}], retryPolicy: POLICY }] };
const SLOWER = {
  methodConfig: [{ name: [{}], retryPolicy: { ...POLICY, initialBackoff: "0.5s", maxBackoff: "0.5s" } }],
};

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

test("a stream that has begun is not repeated", async (context) => {
  const server = failing([unavailable()]);
  const read = async () => {
    for await (const _ of server.events.watchEvents({ resumeToken: "begun" }));
  };
  await assert.rejects(read(), code(Code.Unavailable));
  assert.equal(server.calls, 1);
});

/**
 * Returns a client of imports over a connection that lasts for a test, and what arrived in each attempt.
 *
 * The first attempts fail after as many messages; `failed` is resolved with the first of them.
 */
async function importing(context, failing, config = ALL) {
  const attempts = [];
  let fail;
  const failed = new Promise((resolve) => (fail = resolve));
  const routes = ({ service }) => {
    service(MessageService, {
      async importMessages(requests) {
        const arrived = [];
        const most = failing[attempts.push(arrived) - 1] ?? Infinity;
        for await (const { userId } of requests) {
          arrived.push(userId.slice(0, 5));
          if (arrived.length >= most) {
            fail();
            throw unavailable();
          }
        }
        return {};
      },
    });
  };
  const server = createServer(connectNodeAdapter({ routes })).listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${server.address().port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  context.after(() => {
    sessionManager.abort();
    server.close();
  });
  const transport = createGrpcTransport({ baseUrl, sessionManager, interceptors: [retries(config), lostConnections] });
  return { attempts, failed, messages: createClient(MessageService, transport) };
}

async function* imported(...userIds) {
  for (const userId of userIds) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield { userId };
  }
}

test("a stream of requests is sent again from the first one on", async (context) => {
  const server = await importing(context, [1, 2]);
  await server.messages.importMessages(imported("one", "two", "three"));
  assert.deepEqual(server.attempts, [["one"], ["one", "two"], ["one", "two", "three"]]);
});

test("a stream of more requests than are kept is not repeated", async (context) => {
  const large = "large".padEnd(3 * 1024 * 1024);
  const server = await importing(context, [2]);
  await assert.rejects(server.messages.importMessages(imported(large, large, "small")), code(Code.Unavailable));
  assert.deepEqual(server.attempts, [["large", "large"]]);
  const passing = await importing(context, []);
  await passing.messages.importMessages(imported(large, large, "small"));
  assert.deepEqual(passing.attempts, [["large", "large", "small"]]);
});

test("a stream of requests that fails by itself is not repeated, and its failure is the caller's", async (context) => {
  const server = await importing(context, []);
  async function* broken() {
    yield* imported("one");
    throw unavailable();
  }
  await assert.rejects(server.messages.importMessages(broken()), code(Code.Unavailable));
  assert.ok(server.attempts.length <= 1);
});

/** Yields a user id, and the next ones while the call waits after its first attempt. */
async function* comingLate(server, first, ...userIds) {
  yield { userId: first };
  await server.failed;
  await new Promise((resolve) => setTimeout(resolve, 150));
  yield* imported(...userIds);
}

test("requests that arrive between two attempts are sent by the second, also beyond what is kept", async (context) => {
  const large = "large".padEnd(3 * 1024 * 1024);
  const server = await importing(context, [1], SLOWER);
  await server.messages.importMessages(comingLate(server, large, large, "small"));
  assert.deepEqual(server.attempts, [["large"], ["large", "large", "small"]]);
});

test("a stream of requests that fails between two attempts fails the call with its own error", async (context) => {
  const server = await importing(context, [1], SLOWER);
  async function* broken() {
    yield* comingLate(server, "one");
    throw error(Code.DataLoss);
  }
  await assert.rejects(server.messages.importMessages(broken()), code(Code.DataLoss));
});

test("a stream of requests whose own connection breaks is not a lost connection to the server", async (context) => {
  const server = await importing(context, []);
  const broke = Object.assign(new Error("the source broke"), { code: "ECONNRESET" });
  async function* broken() {
    yield* imported("one");
    throw broke;
  }
  await assert.rejects(server.messages.importMessages(broken()), { code: Code.Unknown, cause: broke });
  assert.ok(server.attempts.length <= 1);
});

test("a stream of requests is ended when its call fails", async (context) => {
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
  const server = await importing(context, [1, 1, 1, 1]);
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

test("each attempt sends what is left of the deadline", async () => {
  const sent = [];
  const refuse = () => async (request) => {
    sent.push(request.header.get("grpc-timeout"));
    throw unavailable();
  };
  const interceptors = [retries(ALL), refuse];
  const users = createClient(UserService, createGrpcTransport({ baseUrl: "http://127.0.0.1:1", interceptors }));
  await assert.rejects(users.getUnreadSummary({}, { timeoutMs: 60_000 }), code(Code.Unavailable));
  const left = sent.map((timeout) => Number(/^(\d+)m$/.exec(timeout)?.[1]));
  assert.equal(left[0], 60_000);
  assert.ok(left[0] > left[1] && left[1] > left[2] && left[2] > left[3] && left[3] > 50_000, sent.join());
  sent.length = 0;
  await assert.rejects(users.getUnreadSummary({}), code(Code.Unavailable));
  assert.deepEqual(sent, [null, null, null, null]);
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
