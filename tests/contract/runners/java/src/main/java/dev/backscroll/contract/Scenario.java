package dev.backscroll.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One run of a scenario: its values, its open streams, and its steps. */
final class Scenario {
    private static final Set<String> KINDS = Set.of("call", "open", "receive", "end", "close", "wait");
    private static final double SECONDS = 10;
    private static final String SERVICE = "service";
    // A call ends by its own deadline, which has an error of its own.
    private static final double AFTER_DEADLINE = 5;

    private final Suite suite;
    private final Credentials credentials;
    private final Client client;
    private final Placeholders placeholders = new Placeholders();
    private final Map<String, Map<String, String>> users = new HashMap<>();
    private final Map<String, OpenStream> streams = new HashMap<>();

    Scenario(Suite suite, Credentials credentials, Client client) {
        this.suite = suite;
        this.credentials = credentials;
        this.client = client;
    }

    /** Runs the steps; returns the step that failed and why, or null. */
    String run(JsonObject scenario) throws InterruptedException {
        int number = 0;
        try {
            name(scenario);
            for (JsonElement step : scenario.getAsJsonArray("steps")) {
                number++;
                run(number, step.getAsJsonObject());
            }
            return null;
        } catch (Failure failure) {
            return "step " + number + ": " + failure.getMessage();
        } catch (RuntimeException malformed) {
            return "step " + number + " cannot be run: " + malformed;
        } finally {
            streams.values().forEach(OpenStream::close);
        }
    }

    private void name(JsonObject scenario) throws Failure {
        for (String name : Suite.texts(scenario.getAsJsonArray("users"))) {
            Credentials.User user = credentials.takeUser(name);
            users.put(name, user.metadata());
            placeholders.define(name, new JsonPrimitive(user.id()));
        }
        for (String name : Suite.texts(scenario.getAsJsonArray("ids"))) {
            placeholders.define(name, new JsonPrimitive(UUID.randomUUID().toString()));
        }
    }

    private void run(int number, JsonObject written) throws Failure, InterruptedException {
        written.remove("about");
        JsonObject step = placeholders.fillStep(written);
        Set<String> kinds = new HashSet<>(step.keySet());
        kinds.retainAll(KINDS);
        if (kinds.size() != 1) {
            throw new Failure("a step has one of " + KINDS + ", not " + kinds);
        }
        double within = step.has("within") ? step.get("within").getAsDouble() : SECONDS;
        long until = System.nanoTime() + (long) (within * 1e9);
        Map<String, JsonElement> captured = switch (kinds.iterator().next()) {
            case "call" -> call(step, within);
            case "open" -> open(step, until);
            case "receive" -> stream(step, "receive").receive(step, until);
            case "end" -> ended(stream(step, "end").end(until), step);
            case "close" -> close(step);
            default -> pause(step);
        };
        for (Map.Entry<String, JsonElement> entry : captured.entrySet()) {
            placeholders.define(entry.getKey(), entry.getValue());
        }
    }

    private Map<String, JsonElement> call(JsonObject step, double within) throws Failure, InterruptedException {
        JsonArray requests = step.getAsJsonArray("requests");
        RunningCall call = client.start(
            method(step, "call"), requests == null ? List.of(request(step)) : requests.asList(), metadata(step), within);
        long until = System.nanoTime() + (long) ((within + AFTER_DEADLINE) * 1e9);
        JsonObject together = new JsonObject();
        for (JsonObject answer = call.next(until); answer != null; answer = call.next(until)) {
            for (Map.Entry<String, JsonElement> field : answer.entrySet()) {
                if (field.getValue() instanceof JsonArray list && together.has(field.getKey())) {
                    together.getAsJsonArray(field.getKey()).addAll(list);
                } else {
                    together.add(field.getKey(), field.getValue());
                }
            }
        }
        Map<String, JsonElement> captured = ended(call, step);
        if (step.has("expect")) {
            captured.putAll(Expectations.require(step.get("expect"), together, "answer"));
        }
        if (step.has("answer_metadata")) {
            for (Map.Entry<String, JsonElement> entry : step.getAsJsonObject("answer_metadata").entrySet()) {
                String key = entry.getKey();
                captured.putAll(Expectations.require(entry.getValue(), call.answerMetadata(key), "answer_metadata." + key));
            }
        }
        return captured;
    }

    private Map<String, JsonElement> open(JsonObject step, long until) throws Failure, InterruptedException {
        RunningCall call = client.start(method(step, "open"), List.of(request(step)), metadata(step), null);
        OpenStream stream = new OpenStream(call, suite.items().get(step.get("open").getAsString()));
        if (streams.put(step.get("stream").getAsString(), stream) != null) {
            throw new Failure("the stream is open already");
        }
        JsonObject first = stream.read(until);
        return step.has("expect") ? Expectations.require(step.get("expect"), first, "answer") : Map.of();
    }

    private Map<String, JsonElement> close(JsonObject step) throws Failure {
        stream(step, "close").close();
        streams.remove(step.get("close").getAsString());
        return Map.of();
    }

    private static Map<String, JsonElement> pause(JsonObject step) throws InterruptedException {
        Thread.sleep((long) (step.get("wait").getAsDouble() * 1e3));
        return Map.of();
    }

    private static Map<String, JsonElement> ended(RunningCall call, JsonObject step) throws Failure {
        JsonObject error = call.error();
        JsonElement expected = step.get("error");
        if (expected == null && error != null) {
            throw new Failure("expected no error, came " + call.end() + " " + Expectations.show(error));
        }
        if (expected != null && error == null) {
            throw new Failure("expected the error " + Expectations.show(expected) + ", came none");
        }
        return expected == null ? new HashMap<>() : Expectations.require(expected, error, "error");
    }

    private OpenStream stream(JsonObject step, String kind) throws Failure {
        OpenStream stream = streams.get(step.get(kind).getAsString());
        if (stream == null) {
            throw new Failure("no stream " + step.get(kind) + " is open");
        }
        return stream;
    }

    private String method(JsonObject step, String kind) {
        return suite.protobufPackage() + "." + step.get(kind).getAsString();
    }

    private static JsonElement request(JsonObject step) {
        return step.has("request") ? step.get("request") : new JsonObject();
    }

    private Map<String, String> metadata(JsonObject step) {
        String name = step.has("as") ? step.get("as").getAsString() : SERVICE;
        Map<String, String> metadata = new HashMap<>(users.containsKey(name) ? users.get(name) : credentials.caller(name));
        metadata.putAll(Credentials.metadata(step.get("metadata")));
        return metadata;
    }
}
