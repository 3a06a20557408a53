import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.backscroll.v1.*;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final ManagedChannel channel;
    private final String user;
    private final String peer;
    // Messages of this run have ids that begin with it.
    private final String run = UUID.randomUUID().toString();
    private final Set<String> received = new HashSet<>();

    private Follow(ManagedChannel channel, String user, String peer) {
        this.channel = channel;
        this.user = user;
        this.peer = peer;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: PROGRAM USER PEER COUNT");
            System.exit(2);
        }
        int status = 0;
        ManagedChannel channel = connect(System.getenv());
        try {
            new Follow(channel, arguments[0], arguments[1]).run(Integer.parseInt(arguments[2]));
        } catch (StatusRuntimeException error) {
            System.err.println(error.getStatus() + " " + detail(error, ErrorInfo.getDefaultInstance()).getReason());
            status = 1;
        }
        channel.shutdownNow();
        System.exit(status);
    }

    private static ManagedChannel connect(Map<String, String> environment) throws IOException {
        String ca = environment.get("BACKSCROLL_TLS_CA");
        ChannelCredentials credentials = ca == null
            ? InsecureChannelCredentials.create() : TlsChannelCredentials.newBuilder().trustManager(new File(ca)).build();
        Metadata metadata = new Metadata();
        if (environment.containsKey("BACKSCROLL_TOKEN")) {
            metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + environment.get("BACKSCROLL_TOKEN"));
        }
        return Grpc.newChannelBuilder(environment.getOrDefault("BACKSCROLL_ADDRESS", "127.0.0.1:50051"), credentials)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(metadata))
            .build();
    }

    private void run(int count) {
        // A place to watch from that lies before the first message.
        ListEventsRequest now = ListEventsRequest.newBuilder().setUserId(user).build();
        String token = persist(() -> EventServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS).listEvents(now)).getResumeToken();
        send(0);
        history(SearchDirection.SEARCH_DIRECTION_UP, message -> {});
        history(SearchDirection.SEARCH_DIRECTION_DOWN, message -> {});
        Thread sender = new Thread(() -> {
            for (int number = 1; number < count; number++) {
                pause(100);
                send(number);
            }
        });
        sender.setUncaughtExceptionHandler((thread, error) -> {
            System.err.println("cannot send: " + error);
            System.exit(1);
        });
        sender.start();
        follow(token, count);
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

    // Reads the whole history of USER with PEER; returns the token to watch from, which is that of the first page.
    private String history(SearchDirection direction, Consumer<Message> each) {
        ListMessagesRequest.Builder request = ListMessagesRequest.newBuilder()
            .setUserId(user).setConversation(with(peer)).setDirection(direction).setPageSize(50);
        String first = null;
        int messages = 0;
        do {
            ListMessagesResponse page = persist(() -> MessageServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS).listMessages(request.build()));
            first = first == null ? page.getResumeToken() : first;
            messages += page.getMessagesCount();
            page.getMessagesList().forEach(each);
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        System.out.println("history: " + messages + " messages, " + direction);
        return first;
    }

    private void follow(String begin, int count) {
        String token = begin;
        int failures = 0;
        while (received.size() < count) {
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
                    // Kept together with what it reflects: the events that came before it.
                    token = response.getResumeToken();
                    failures = 0;
                }
            } catch (StatusRuntimeException error) {
                if (error.getStatus().getCode() == Status.Code.OUT_OF_RANGE) {
                    System.err.println("the token is too old or of another database: begins again");
                    token = history(SearchDirection.SEARCH_DIRECTION_UP, this::receive);
                } else {
                    await(error, failures++);
                }
            }
        }
    }

    private void receive(Message message) {
        if (message.getClientMessageId().startsWith(run) && received.add(message.getMessageId())) {
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
        Duration asked = detail(error, RetryInfo.getDefaultInstance()).getRetryDelay();
        long growing = Math.min(LONGEST_PAUSE_MILLIS, 100L << Math.min(failures, 10));
        long millis = asked.getSeconds() * 1_000 + asked.getNanos() / 1_000_000;
        pause(millis > 0 ? millis : ThreadLocalRandom.current().nextLong(growing / 2, growing + 1));
        channel.resetConnectBackoff();
    }

    // The detail of an error that is of a type; the default where there is none.
    private static <T extends com.google.protobuf.Message> T detail(StatusRuntimeException error, T type) {
        try {
            for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
                if (detail.isSameTypeAs(type)) {
                    return detail.unpackSameTypeAs(type);
                }
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new IllegalStateException(malformed);
        }
        return type;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
