package dev.backscroll.contract;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A call that has begun: its answers, and how it ended. */
final class RunningCall {
    private final ClientCall<Message, Message> call;
    private final JsonFormat.Printer printer;
    // An empty value is the end.
    private final BlockingQueue<Optional<Message>> answers = new LinkedBlockingQueue<>();
    private final Metadata answerMetadata = new Metadata();
    private Status status;
    private Metadata trailers;
    private boolean ended;

    RunningCall(ClientCall<Message, Message> call, List<Message> requests, Metadata metadata, JsonFormat.Printer printer) {
        this.call = call;
        this.printer = printer;
        call.start(new Listener(), metadata);
        call.request(1);
        requests.forEach(call::sendMessage);
        call.halfClose();
    }

    /**
     * Waits for the next answer.
     *
     * @param until the value of {@link System#nanoTime} at which to give up
     * @return null at the end of the call
     * @throws Failure if neither comes in time
     */
    JsonObject next(long until) throws Failure, InterruptedException {
        if (ended) {
            return null;
        }
        Optional<Message> answer = answers.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (answer == null) {
            throw new Failure("nothing came in time");
        }
        ended = answer.isEmpty();
        return ended ? null : json(answer.get());
    }

    /** Returns the error of a call that ended, in the form of the key {@code error} of a step; null if it ended well. */
    JsonObject error() throws Failure {
        if (status.isOk()) {
            return null;
        }
        JsonObject error = new JsonObject();
        error.addProperty("status", status.getCode().name());
        error.addProperty("retry", false);
        try {
            for (Any detail : StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    JsonObject metadata = new JsonObject();
                    info.getMetadataMap().forEach(metadata::addProperty);
                    error.addProperty("reason", info.getReason());
                    error.add("metadata", metadata);
                } else if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class).getFieldViolationsList().stream().findFirst()
                        .ifPresent(violation -> error.addProperty("field", violation.getField()));
                } else if (detail.is(RetryInfo.class)) {
                    error.addProperty("retry", true);
                }
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new Failure("the details of the error are malformed: " + malformed.getMessage());
        }
        return error;
    }

    /** Returns the end of the call as text, for failures. */
    String end() {
        return status.getCode() + (status.getDescription() == null ? "" : " (" + status.getDescription() + ")");
    }

    /** Returns the last value of a key in the metadata of the answer; null if there is none. */
    JsonPrimitive answerMetadata(String key) {
        String value = answerMetadata.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        return value == null ? null : new JsonPrimitive(value);
    }

    /** Cancels the call; nothing happens where it has ended. */
    void cancel() {
        call.cancel("closed by the scenario", null);
    }

    private JsonObject json(Message message) throws Failure {
        try {
            return JsonParser.parseString(printer.print(message)).getAsJsonObject();
        } catch (InvalidProtocolBufferException error) {
            throw new Failure("the answer has no JSON form: " + error.getMessage());
        }
    }

    // The queue makes what was set before it visible to the reader.
    private final class Listener extends ClientCall.Listener<Message> {
        @Override
        public void onHeaders(Metadata headers) {
            answerMetadata.merge(headers);
        }

        @Override
        public void onMessage(Message message) {
            answers.add(Optional.of(message));
            call.request(1);
        }

        @Override
        public void onClose(Status end, Metadata endMetadata) {
            status = end;
            trailers = endMetadata;
            answerMetadata.merge(endMetadata);
            answers.add(Optional.empty());
        }
    }
}
