// Sends messages to a user, pages the history of the conversation in both directions, and follows the user's events,
// also over dropped connections and restarts of the server.
//
// Usage: chat USER PEER COUNT: sends COUNT messages from PEER to USER, one every 100 ms, prints `received MESSAGE_ID`
// for each that USER's events show, and ends when it has COUNT of them.
//
// BACKSCROLL_ADDRESS is the server's HOST:PORT (127.0.0.1:50051 by default); BACKSCROLL_TLS_CA a file with the
// certificates that sign the server's (plain text without it); BACKSCROLL_TOKEN a service key or token.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { durationMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  ConversationType,
  ErrorInfoSchema,
  EventService,
  MessageService,
  RetryInfoSchema,
  SearchDirection,
  UserService,
  lostConnections,
  retries,
  serviceConfig,
} from "backscroll-client";

const SEND_EVERY_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** What passes. A server that stops may cancel a call that arrives in that moment; the program itself cancels none. */
const PASSING = [Code.Unavailable, Code.ResourceExhausted, Code.DeadlineExceeded, Code.Canceled];

function connect(): Transport {
  const { BACKSCROLL_ADDRESS: address, BACKSCROLL_TLS_CA: ca, BACKSCROLL_TOKEN: token } = process.env;
  const authorize: Interceptor = (next) => (request) => {
    if (token !== undefined) {
      request.header.set("authorization", `Bearer ${token}`);
    }
    return next(request);
  };
  return createGrpcTransport({
    baseUrl: `${ca === undefined ? "http" : "https"}://${address ?? "127.0.0.1:50051"}`,
    interceptors: [authorize, retries(serviceConfig), lostConnections],
    defaultTimeoutMs: 10_000,
    pingIntervalMs: 30_000,
    ...(ca === undefined ? {} : { nodeOptions: { ca: readFileSync(ca) } }),
  });
}

const transport = connect();
const messages = createClient(MessageService, transport);
const events = createClient(EventService, transport);
const users = createClient(UserService, transport);

/** Waits as long as a refused call asks, or longer from attempt to attempt; throws an error that no waiting mends. */
async function waitAfter(reason: unknown, attempt: number): Promise<void> {
  const error = ConnectError.from(reason);
  if (!PASSING.includes(error.code)) {
    throw error;
  }
  const asked = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  const growing = Math.min(100 * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
  await pause(asked === undefined ? growing : durationMs(asked));
}

/** A conversation of two, as one of them refers to it: by the id of the other. */
function single(other: string) {
  return { reference: { case: "target", value: { type: ConversationType.SINGLE, id: other } } } as const;
}

/** Sends a text; repeats the send until the server has taken it. */
async function send(sender: string, receiver: string, text: string): Promise<void> {
  // The server stores a message once for its client message id, however often the send is repeated.
  const message = { content: { kind: { case: "text", value: { text } } }, clientMessageId: randomUUID() } as const;
  for (let attempt = 0; ; attempt++) {
    try {
      await messages.sendMessage({ userId: sender, conversation: single(receiver), message });
      return;
    } catch (error) {
      await waitAfter(error, attempt);
    }
  }
}

/**
 * Returns the ids of the messages in a user's history with a peer, read up from the newest or down from the oldest.
 *
 * There are none where the two have no conversation yet.
 */
async function history(user: string, peer: string, direction: SearchDirection): Promise<string[]> {
  const conversation = single(peer);
  const ids: string[] = [];
  let pageToken = "";
  try {
    do {
      const page = await messages.listMessages({ userId: user, conversation, direction, pageSize: 50, pageToken });
      ids.push(...page.messages.map(({ messageId }) => messageId));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  } catch (error) {
    if (ConnectError.from(error).code !== Code.NotFound) {
      throw error;
    }
  }
  return ids;
}

/** Follows a user's events from a token on until the user has received a number of messages. */
async function follow(user: string, peer: string, from: string, count: number): Promise<void> {
  const received = new Set<string>();
  const receive = (messageId: string) => {
    if (!received.has(messageId)) {
      received.add(messageId);
      console.log(`received ${messageId}`);
    }
  };
  let resumeToken = from;
  for (let attempt = 0; ; attempt++) {
    try {
      if (resumeToken === "") {
        const beginning = await now(user);
        (await history(user, peer, SearchDirection.DOWN)).forEach(receive);
        resumeToken = beginning;
      }
      // A watch has no deadline.
      for await (const response of events.watchEvents({ userId: user, resumeToken }, { timeoutMs: 0 })) {
        for (const { kind } of response.events) {
          if (kind.case === "messageReceived" && kind.value.message !== undefined) {
            receive(kind.value.message.messageId);
          }
        }
        if (received.size >= count) {
          return;
        }
        // Kept with what the events changed: a watch from here misses nothing.
        resumeToken = response.resumeToken;
        attempt = 0;
      }
      throw new ConnectError("the watch ended", Code.Unavailable);
    } catch (reason) {
      const error = ConnectError.from(reason);
      if (error.code === Code.OutOfRange) {
        console.error(`begins again: ${error.findDetails(ErrorInfoSchema)[0]?.reason}`);
        resumeToken = "";
      } else {
        await waitAfter(error, attempt);
      }
    }
  }
}

/** Returns a token of this moment. */
async function now(user: string): Promise<string> {
  return (await users.getUnreadSummary({ userId: user })).resumeToken;
}

async function main(user: string, peer: string, count: number): Promise<void> {
  const beginning = await now(user);
  await send(peer, user, "message 1");
  for (const direction of [SearchDirection.UP, SearchDirection.DOWN]) {
    console.log(`history ${SearchDirection[direction]}: ${(await history(user, peer, direction)).length}`);
  }
  const sending = async () => {
    for (let number = 2; number <= count; number++) {
      await pause(SEND_EVERY_MS);
      await send(peer, user, `message ${number}`);
    }
  };
  await Promise.all([sending(), follow(user, peer, beginning, count)]);
}

const [user, peer, count] = process.argv.slice(2);
if (user === undefined || peer === undefined || !(Number(count) >= 1)) {
  console.error("usage: chat USER PEER COUNT");
  process.exit(2);
}
await main(user, peer, Number(count));
// The transport keeps its connection open for a while.
process.exit(0);
