import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import dev.backscroll.v1.*;
import io.grpc.*;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends COUNT messages from PEER to USER, one every 100 ms, while it follows what happens for USER, also over a connection that
 * drops and a server that restarts. Prints the id of each message that USER receives, and ends when all have come.
 *
 * <p>Usage: {@code PROGRAM USER PEER COUNT}. The environment says where and as which service: BACKSCROLL_ADDRESS (127.0.0.1:50051
 * by default), BACKSCROLL_TLS_CA (a file with the certificates that sign the server's; plain text without), BACKSCROLL_TOKEN (a
 * service key or a token).
 */
final class Follow {
    private static final Set<Status.Code> TEMPORARY =
        Set.of(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED, Status.Code.DEADLINE_EXCEEDED);

    private final ManagedChannel channel;
    private final String user;
    private final String peer;
    // Ids of the messages of this run begin with it.
    private final String run = UUID.randomUUID().toString();
    private final Set<String> received = new HashSet<>();

    private Follow(ManagedChannel channel, String user, String peer) {
        this.channel = channel;
        this.user = user;
        this.peer = peer;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.err.println("usage: PROGRAM USER PEER COUNT");
            System.exit(2);
        }
        String address = System.getenv().getOrDefault("BACKSCROLL_ADDRESS", "127.0.0.1:50051");
        Metadata metadata = new Metadata();
        if (System.getenv("BACKSCROLL_TOKEN") != null) {
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + System.getenv("BACKSCROLL_TOKEN"));
        }
        ManagedChannel channel = Grpc.newChannelBuilder(address, credentials(System.getenv("BACKSCROLL_TLS_CA")))
            .keepAliveTime(30, TimeUnit.SECONDS)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
            .build();
        try {
            new Follow(channel, arguments[0], arguments[1]).run(Integer.parseInt(arguments[2]));
        } finally {
            channel.shutdownNow();
        }
    }

    private static ChannelCredentials credentials(String authority) throws IOException {
        return authority == null ? InsecureChannelCredentials.create()
            : TlsChannelCredentials.newBuilder().trustManager(new File(authority)).build();
    }

    private void run(int count) {
        // A place to watch from that lies before the first message.
        String token = now();
        send(0);
        history(SearchDirection.SEARCH_DIRECTION_UP, false);
        history(SearchDirection.SEARCH_DIRECTION_DOWN, false);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            for (int number = 1; number < count; number++) {
                pause(100);
                send(number);
            }
        });
        // Without all messages the loop below would not end.
        sending.exceptionally(error -> {
            error.printStackTrace();
            System.exit(1);
            return null;
        });
        for (int failures = 0; received.size() < count; failures++) {
            try {
                Iterator<WatchEventsResponse> stream = EventServiceGrpc.newBlockingStub(channel)
                    .watchEvents(WatchEventsRequest.newBuilder().setUserId(user).setResumeToken(token).build());
                while (received.size() < count && stream.hasNext()) {
                    WatchEventsResponse response = stream.next();
                    for (Event event : response.getEventsList()) {
                        if (event.hasMessageReceived()) {
                            receive(event.getMessageReceived().getMessage());
                        }
                    }
                    // Only now: what it reflects has been handled.
                    token = response.getResumeToken();
                    failures = 0;
                }
            } catch (StatusRuntimeException error) {
                if (error.getStatus().getCode() == Status.Code.OUT_OF_RANGE) {
                    System.err.println("begins again: " + error.getStatus().getDescription());
                    token = now();
                    history(SearchDirection.SEARCH_DIRECTION_DOWN, true);
                } else {
                    await(error, failures);
                }
            }
        }
    }

    // A retry has the same client_message_id, and so stores nothing twice.
    private void send(int number) {
        SendMessageRequest request = SendMessageRequest.newBuilder()
            .setUserId(peer)
            .setConversation(with(user))
            .setMessage(OutgoingMessage.newBuilder()
                .setContent(Content.newBuilder().setText(TextContent.newBuilder().setText("message " + number)))
                .setClientMessageId(run + "-" + number))
            .build();
        persist(() -> MessageServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS).sendMessage(request));
    }

    // The token from which a watch misses nothing that happens from now on.
    private String now() {
        ListEventsRequest request = ListEventsRequest.newBuilder().setUserId(user).build();
        return persist(() -> EventServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS).listEvents(request)).getResumeToken();
    }

    // Pages through all that USER and PEER wrote, which is nothing where they have no conversation yet.
    private void history(SearchDirection direction, boolean missed) {
        ListMessagesRequest.Builder request = ListMessagesRequest.newBuilder()
            .setUserId(user).setConversation(with(peer)).setDirection(direction).setPageSize(50);
        int messages = 0;
        try {
            do {
                ListMessagesResponse page = persist(() -> MessageServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS).listMessages(request.build()));
                if (missed) {
                    page.getMessagesList().forEach(this::receive);
                }
                messages += page.getMessagesCount();
                request.setPageToken(page.getNextPageToken());
            } while (!request.getPageToken().isEmpty());
        } catch (StatusRuntimeException error) {
            if (error.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw error;
            }
        }
        System.out.println("history: " + messages + " messages, " + direction);
    }

    private void receive(Message message) {
        if (received.add(message.getMessageId())) {
            System.out.println("received " + message.getMessageId());
        }
    }

    private static ConversationReference with(String other) {
        return ConversationReference.newBuilder()
            .setTarget(ConversationTarget.newBuilder().setType(ConversationType.CONVERSATION_TYPE_SINGLE).setId(other))
            .build();
    }

    // Repeats a call that is safe to repeat until it succeeds, or fails for good.
    private <T> T persist(Supplier<T> call) {
        for (int failures = 0;; failures++) {
            try {
                return call.get();
            } catch (StatusRuntimeException error) {
                await(error, failures);
            }
        }
    }

    // Waits as long as the server asks, or longer with each failure; throws what will not pass.
    private void await(StatusRuntimeException error, int failures) {
        if (!TEMPORARY.contains(error.getStatus().getCode())) {
            throw error;
        }
        long millis = 100L << Math.min(failures, 5);
        try {
            for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
                if (detail.is(RetryInfo.class)) {
                    Duration asked = detail.unpack(RetryInfo.class).getRetryDelay();
                    millis = asked.getSeconds() * 1_000 + asked.getNanos() / 1_000_000 + 1;
                }
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalStateException(malformed);
        }
        System.err.println("again in " + millis + " ms: " + error.getStatus().getCode() + " " + error.getStatus().getDescription());
        pause(millis);
        // Else the channel itself waits longer with each failure, for up to two minutes.
        channel.resetConnectBackoff();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
