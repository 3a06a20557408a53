// Sends, pages and watches. Arguments: HOST:PORT and the id of a user that nobody used before.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ConversationType } from "./backscroll/v1/conversation_pb.js";
import { EventService } from "./backscroll/v1/event_service_pb.js";
import type { Message } from "./backscroll/v1/message_pb.js";
import { ListMessagesRequestSchema, MessageService, SearchDirection } from "./backscroll/v1/message_service_pb.js";

async function main(address: string, user: string): Promise<void> {
  const transport = createGrpcTransport({ baseUrl: `http://${address}`, defaultTimeoutMs: 60_000 });
  const messages = createClient(MessageService, transport);
  const events = createClient(EventService, transport);

  const send = (text: string) =>
    messages.sendMessage({
      userId: user,
      conversation: {
        reference: { case: "target", value: { type: ConversationType.SINGLE, id: `${user}-friend` } },
      },
      message: { content: { kind: { case: "text", value: { text } } }, clientMessageId: text },
    });

  const conversationId = (await send("one")).message?.conversationId;
  if (conversationId === undefined) {
    throw new Error("no message in the response");
  }
  // One message a page, so that there is a second one.
  const page = (direction: SearchDirection, pageToken: string): MessageInitShape<typeof ListMessagesRequestSchema> =>
    create(ListMessagesRequestSchema, {
      userId: user,
      conversation: { reference: { case: "conversationId", value: conversationId } },
      direction,
      pageSize: 1,
      pageToken,
    });
  const before = await messages.listMessages(page(SearchDirection.UP, ""));
  for (const duplicate of [false, true]) {
    if ((await send("two")).duplicate !== duplicate) {
      throw new Error(`duplicate is not ${duplicate}`);
    }
  }

  for (const [direction, expected] of [
    [SearchDirection.UP, "two one"],
    [SearchDirection.DOWN, "one two"],
  ] as const) {
    const texts: (string | undefined)[] = [];
    let token = "";
    do {
      const response = await messages.listMessages(page(direction, token));
      texts.push(...response.messages.map(textOf));
      token = response.nextPageToken;
    } while (token !== "");
    if (texts.join(" ") !== expected) {
      throw new Error(`paging ${SearchDirection[direction]} gave ${texts.join(" ")}, not ${expected}`);
    }
  }

  for await (const response of events.watchEvents({ userId: user, resumeToken: before.resumeToken })) {
    for (const event of response.events) {
      if (event.kind.case === "messageReceived") {
        const text = textOf(event.kind.value.message);
        if (text !== "two") {
          throw new Error(`the watch delivered ${text}, not two`);
        }
        console.log("sent, paged, watched");
        return;
      }
    }
  }
  throw new Error("the watch ended without the message");
}

function textOf(message: Message | undefined): string | undefined {
  const kind = message?.content?.kind;
  return kind?.case === "text" ? kind.value.text : undefined;
}

const [address, user] = process.argv.slice(2);
if (address === undefined || user === undefined) {
  throw new Error("usage: sample HOST:PORT USER_ID");
}
await main(address, user);
// The transport keeps its connection open for a while.
process.exit(0);
