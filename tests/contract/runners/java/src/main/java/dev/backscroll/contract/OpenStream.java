package dev.backscroll.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A stream of answers that is read item by item. */
final class OpenStream {
    private final RunningCall call;
    private final Suite.Items items;
    private JsonObject answer;
    // Of the answer that was read last, the changes that were not looked at, and of all since the last marker the states.
    private final Deque<JsonObject> unread = new ArrayDeque<>();
    private JsonArray states = new JsonArray();

    /** Takes over a call; items is null for a method whose answers have none. */
    OpenStream(RunningCall call, Suite.Items items) {
        this.call = call;
        this.items = items;
    }

    /**
     * Reads one answer, whose items belong to the next {@link #receive}.
     *
     * @throws Failure if the stream ends before it
     */
    JsonObject read(long until) throws Failure, InterruptedException {
        answer = call.next(until);
        if (answer == null) {
            throw new Failure("the stream ended with " + call.end() + " " + Expectations.show(call.error()));
        }
        if (items != null && answer.has(items.field())) {
            for (JsonElement element : answer.getAsJsonArray(items.field())) {
                JsonObject item = element.getAsJsonObject();
                Optional<String> state = kind(item, items.states());
                if (state.isPresent()) {
                    states.add(item.get(state.get()));
                } else if (kind(item, items.changes()).isPresent()) {
                    unread.add(item);
                }
            }
        }
        return answer;
    }

    /**
     * Reads until a change is the marker, and compares what came.
     *
     * @param step the step {@code receive}
     * @return what was captured
     */
    Map<String, JsonElement> receive(JsonObject step, long until) throws Failure, InterruptedException {
        if (items == null) {
            throw new Failure("the method's answers have no items that suite.json names");
        }
        JsonElement expected = step.get("until");
        JsonArray changes = new JsonArray();
        JsonObject marker = null;
        while (marker == null) {
            try {
                while (unread.isEmpty()) {
                    read(until);
                }
            } catch (Failure failure) {
                throw new Failure("until: expected " + Expectations.show(expected) + ", but " + failure.getMessage()
                    + " after the changes " + Expectations.show(changes));
            }
            JsonObject change = unread.remove();
            if (Expectations.meets(expected, change)) {
                marker = change;
            } else {
                changes.add(change);
            }
        }
        Map<String, JsonElement> captured = new HashMap<>(Expectations.require(expected, marker, "until"));
        if (step.has("changes")) {
            captured.putAll(Expectations.require(step.get("changes"), changes, "changes"));
        }
        JsonArray seen = states;
        states = new JsonArray();
        if (step.has("states")) {
            for (JsonElement element : step.getAsJsonArray("states")) {
                captured.putAll(lastState(element.getAsJsonObject(), seen));
            }
        }
        if (step.has("answer")) {
            captured.putAll(Expectations.require(step.get("answer"), answer, "answer"));
        }
        return captured;
    }

    /** Waits until the stream ends, whatever comes before. */
    RunningCall end(long until) throws Failure, InterruptedException {
        try {
            JsonObject last = call.next(until);
            while (last != null) {
                last = call.next(until);
            }
        } catch (Failure failure) {
            throw new Failure("expected the end of the stream, but " + failure.getMessage());
        }
        return call;
    }

    /** Cancels the stream. */
    void close() {
        call.cancel();
    }

    private static Map<String, JsonElement> lastState(JsonObject expected, JsonArray states) throws Failure {
        JsonElement last = null;
        for (JsonElement state : states) {
            if (Expectations.meets(expected.get("of"), state)) {
                last = state;
            }
        }
        if (last == null) {
            throw new Failure("states: expected one of " + Expectations.show(expected.get("of"))
                + ", came " + Expectations.show(states));
        }
        return Expectations.require(expected.get("last"), last, "states: the last of " + Expectations.show(expected.get("of")));
    }

    private static Optional<String> kind(JsonObject item, Set<String> kinds) {
        return kinds.stream().filter(item::has).findFirst();
    }
}
