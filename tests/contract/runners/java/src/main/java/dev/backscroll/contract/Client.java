package dev.backscroll.contract;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.reflect.TypeToken;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The connection to the target; it turns requests in JSON into calls of the generated methods. */
final class Client implements AutoCloseable {
    private static final int CONNECT_SECONDS = 10;

    private final ManagedChannel channel;
    private final Map<String, MethodDescriptor<Message, Message>> methods;
    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;

    private Client(ManagedChannel channel, Map<String, MethodDescriptor<Message, Message>> methods) {
        this.channel = channel;
        this.methods = methods;
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        for (MethodDescriptor<Message, Message> method : methods.values()) {
            // Adds all types of the file and of those that it imports.
            types.add(((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor()).getMethodDescriptor().getInputType());
        }
        TypeRegistry registry = types.build();
        parser = JsonFormat.parser().usingTypeRegistry(registry);
        printer = JsonFormat.printer().usingTypeRegistry(registry).preservingProtoFieldNames();
    }

    /**
     * Connects, and waits until the target takes connections.
     *
     * @param tlsCa the certificates that sign the server's; null for plain text
     * @param serviceConfig the service config whose retries calls follow; null for no retries
     * @throws IOException where the target cannot be reached, or a file not be read
     */
    static Client connect(String target, Path tlsCa, Path serviceConfig) throws IOException, InterruptedException {
        ChannelCredentials credentials = tlsCa == null
            ? InsecureChannelCredentials.create()
            : TlsChannelCredentials.newBuilder().trustManager(tlsCa.toFile()).build();
        ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder(target, credentials).disableServiceConfigLookUp();
        if (serviceConfig == null) {
            builder.disableRetry();
        } else {
            Map<String, ?> config = new Gson().fromJson(Files.readString(serviceConfig), new TypeToken<Map<String, Object>>() {});
            builder.defaultServiceConfig(config).enableRetry();
        }
        ManagedChannel channel = builder.build();
        if (!isReady(channel)) {
            channel.shutdownNow();
            throw new IOException(target + " cannot be reached");
        }
        return new Client(channel, Methods.find());
    }

    private static boolean isReady(ManagedChannel channel) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CONNECT_SECONDS);
        ConnectivityState state = channel.getState(true);
        while (state != ConnectivityState.READY) {
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return false;
            }
            state = channel.getState(true);
        }
        return true;
    }

    /**
     * Begins a call and sends its requests.
     *
     * @param method {@code PACKAGE.SERVICE/METHOD}
     * @param deadlineSeconds null for a call that may last
     * @throws Failure for a method that the stubs do not have, and for a request that is not of its type
     */
    RunningCall start(String method, List<JsonElement> requests, Map<String, String> metadata, Double deadlineSeconds)
            throws Failure {
        MethodDescriptor<Message, Message> descriptor = methods.get(method);
        if (descriptor == null) {
            throw new Failure("there is no method " + method);
        }
        List<Message> messages = new ArrayList<>();
        for (JsonElement request : requests) {
            messages.add(parse(request, descriptor));
        }
        CallOptions options = deadlineSeconds == null
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withDeadlineAfter((long) (deadlineSeconds * 1e9), TimeUnit.NANOSECONDS);
        return new RunningCall(channel.newCall(descriptor, options), messages, metadata(metadata), printer);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private Message parse(JsonElement json, MethodDescriptor<Message, Message> method) throws Failure {
        var marshaller = (MethodDescriptor.PrototypeMarshaller<Message>) method.getRequestMarshaller();
        Message.Builder builder = marshaller.getMessagePrototype().newBuilderForType();
        try {
            parser.merge(json.toString(), builder);
        } catch (InvalidProtocolBufferException error) {
            throw new Failure("the request is not of the method's type: " + error.getMessage());
        }
        return builder.build();
    }

    private static Metadata metadata(Map<String, String> texts) {
        Metadata metadata = new Metadata();
        texts.forEach((key, value) -> metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }
}
