import dev.backscroll.v1.Content;
import dev.backscroll.v1.ConversationReference;
import dev.backscroll.v1.ConversationTarget;
import dev.backscroll.v1.ConversationType;
import dev.backscroll.v1.Event;
import dev.backscroll.v1.EventServiceGrpc;
import dev.backscroll.v1.ListMessagesRequest;
import dev.backscroll.v1.ListMessagesResponse;
import dev.backscroll.v1.Message;
import dev.backscroll.v1.MessageServiceGrpc;
import dev.backscroll.v1.OutgoingMessage;
import dev.backscroll.v1.SearchDirection;
import dev.backscroll.v1.SendMessageRequest;
import dev.backscroll.v1.SendMessageResponse;
import dev.backscroll.v1.TextContent;
import dev.backscroll.v1.WatchEventsRequest;
import dev.backscroll.v1.WatchEventsResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends, pages and watches. Arguments: HOST:PORT and the id of a user that nobody used before. */
final class Sample {
    private final MessageServiceGrpc.MessageServiceBlockingStub messages;
    private final EventServiceGrpc.EventServiceBlockingStub events;
    private final String user;

    private Sample(ManagedChannel channel, String user) {
        this.messages = MessageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.MINUTES);
        this.events = EventServiceGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.MINUTES);
        this.user = user;
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: Sample HOST:PORT USER_ID");
        }
        ManagedChannel channel = NettyChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        try {
            new Sample(channel, arguments[1]).run();
        } finally {
            channel.shutdownNow();
        }
    }

    private void run() {
        String conversationId = send("one").getMessage().getConversationId();
        ListMessagesResponse before = page(conversationId, SearchDirection.SEARCH_DIRECTION_UP, "");
        for (boolean duplicate : new boolean[] {false, true}) {
            check("duplicate", send("two").getDuplicate(), duplicate);
        }

        Map.of(
                SearchDirection.SEARCH_DIRECTION_UP, List.of("two", "one"),
                SearchDirection.SEARCH_DIRECTION_DOWN, List.of("one", "two"))
            .forEach((direction, expected) -> {
                List<String> texts = new ArrayList<>();
                String token = "";
                do {
                    ListMessagesResponse response = page(conversationId, direction, token);
                    for (Message message : response.getMessagesList()) {
                        texts.add(message.getContent().getText().getText());
                    }
                    token = response.getNextPageToken();
                } while (!token.isEmpty());
                check("paging " + direction, texts, expected);
            });

        Iterator<WatchEventsResponse> stream = events.watchEvents(
            WatchEventsRequest.newBuilder().setUserId(user).setResumeToken(before.getResumeToken()).build());
        while (stream.hasNext()) {
            for (Event event : stream.next().getEventsList()) {
                if (event.hasMessageReceived()) {
                    Message message = event.getMessageReceived().getMessage();
                    check("the watched message", message.getContent().getText().getText(), "two");
                    System.out.println("sent, paged, watched");
                    return;
                }
            }
        }
        throw new IllegalStateException("the watch ended without the message");
    }

    private SendMessageResponse send(String text) {
        return messages.sendMessage(SendMessageRequest.newBuilder()
            .setUserId(user)
            .setConversation(ConversationReference.newBuilder().setTarget(ConversationTarget.newBuilder()
                .setType(ConversationType.CONVERSATION_TYPE_SINGLE)
                .setId(user + "-friend")))
            .setMessage(OutgoingMessage.newBuilder()
                .setContent(Content.newBuilder().setText(TextContent.newBuilder().setText(text)))
                .setClientMessageId(text))
            .build());
    }

    // One message a page, so that there is a second one.
    private ListMessagesResponse page(String conversationId, SearchDirection direction, String token) {
        return messages.listMessages(ListMessagesRequest.newBuilder()
            .setUserId(user)
            .setConversation(ConversationReference.newBuilder().setConversationId(conversationId))
            .setDirection(direction)
            .setPageSize(1)
            .setPageToken(token)
            .build());
    }

    private static void check(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException(what + " is " + actual + ", not " + expected);
        }
    }
}
