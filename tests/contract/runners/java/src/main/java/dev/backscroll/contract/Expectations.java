package dev.backscroll.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Compares one expectation with what arrived, and holds what it captured. */
final class Expectations {
    private static final int SHOWN_CHARACTERS = 1_000;

    private final Map<String, JsonElement> captured;

    private Expectations(Map<String, JsonElement> captured) {
        this.captured = new HashMap<>(captured);
    }

    /**
     * Requires that a value meets an expectation.
     *
     * @param actual null for a field that is left out
     * @param place the value's name in the failure
     * @return what was captured, by name
     * @throws Failure if it does not
     */
    static Map<String, JsonElement> require(JsonElement expected, JsonElement actual, String place) throws Failure {
        Expectations expectations = new Expectations(Map.of());
        expectations.compare(expected, actual, place);
        return expectations.captured;
    }

    /** Says whether a value meets an expectation; what it captures is dropped. */
    static boolean meets(JsonElement expected, JsonElement actual) {
        return new Expectations(Map.of()).tries(expected, actual);
    }

    /** Returns a value as text for a failure, shortened. */
    static String show(JsonElement value) {
        String text = value == null ? "nothing" : value.toString();
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "…";
    }

    private void compare(JsonElement expected, JsonElement actual, String place) throws Failure {
        if (expected instanceof JsonObject object) {
            if (object.keySet().stream().anyMatch(key -> key.startsWith("$"))) {
                for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                    operator(entry.getKey(), entry.getValue(), actual, place);
                }
            } else if (!object.isEmpty() || actual != null) {
                require(actual instanceof JsonObject, expected, actual, place);
                for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                    String name = entry.getKey();
                    compare(entry.getValue(), actual.getAsJsonObject().get(name), place + "." + name);
                }
            }
        } else if (expected instanceof JsonArray list) {
            JsonArray values = list(actual, expected, place);
            require(values.size() == list.size(), list.size() + " values: " + show(list), values.size() + ": " + show(values), place);
            for (int i = 0; i < list.size(); i++) {
                compare(list.get(i), values.get(i), place + "[" + i + "]");
            }
        } else {
            require(actual == null ? isDefault(expected) : equal(expected, actual), expected, actual, place);
        }
    }

    private void operator(String name, JsonElement operand, JsonElement actual, String place) throws Failure {
        switch (name) {
            case "$any" -> require(actual != null, "anything", show(actual), place);
            case "$as" -> {
                require(actual != null, "anything", show(actual), place);
                if (captured.putIfAbsent(operand.getAsString(), actual) != null) {
                    throw new Failure(place + ": " + operand + " is captured twice");
                }
            }
            case "$is" -> compare(operand, actual, place);
            case "$not" -> require(!meets(operand, actual), "anything but " + show(operand), show(actual), place);
            case "$at_least" -> require(
                isNumber(actual) && number(actual).compareTo(number(operand)) >= 0, "at least " + operand, show(actual), place);
            case "$at_most" -> require(
                isNumber(actual) && number(actual).compareTo(number(operand)) <= 0, "at most " + operand, show(actual), place);
            case "$count" -> {
                JsonArray values = list(actual, operand, place);
                require(values.size() == operand.getAsInt(), operand + " values", values.size() + ": " + show(values), place);
            }
            case "$unordered" -> {
                JsonArray list = operand.getAsJsonArray();
                JsonArray values = list(actual, operand, place);
                require(
                    list.size() == values.size() && unordered(list, values, new HashSet<>()),
                    "in some order " + show(list), show(values), place);
            }
            case "$contains" -> contains(operand.getAsJsonArray(), list(actual, operand, place), place);
            default -> throw new Failure(place + ": there is no expectation " + name);
        }
    }

    // Gives the next expectation any value that is free, and takes it back where the others then find none.
    private boolean unordered(JsonArray expected, JsonArray values, Set<Integer> taken) {
        if (taken.size() == expected.size()) {
            return true;
        }
        Map<String, JsonElement> before = new HashMap<>(captured);
        for (int i = 0; i < values.size(); i++) {
            if (!taken.contains(i) && tries(expected.get(taken.size()), values.get(i))) {
                taken.add(i);
                if (unordered(expected, values, taken)) {
                    return true;
                }
                taken.remove(i);
            }
            captured.clear();
            captured.putAll(before);
        }
        return false;
    }

    private void contains(JsonArray expected, JsonArray values, String place) throws Failure {
        int next = 0;
        for (JsonElement value : values) {
            if (next < expected.size() && tries(expected.get(next), value)) {
                next++;
            }
        }
        if (next < expected.size()) {
            require(false, "a list with " + show(expected.get(next)) + " after the " + next + " before it", show(values), place);
        }
    }

    // Keeps what is captured only where the value meets the expectation.
    private boolean tries(JsonElement expected, JsonElement actual) {
        Expectations attempt = new Expectations(captured);
        try {
            attempt.compare(expected, actual, "");
        } catch (Failure mismatch) {
            return false;
        }
        captured.putAll(attempt.captured);
        return true;
    }

    private static JsonArray list(JsonElement actual, JsonElement expected, String place) throws Failure {
        if (actual == null) {
            return new JsonArray();
        }
        require(actual.isJsonArray(), "a list: " + show(expected), show(actual), place);
        return actual.getAsJsonArray();
    }

    private static boolean isDefault(JsonElement expected) {
        if (expected instanceof JsonPrimitive value) {
            return value.isBoolean() ? !value.getAsBoolean()
                : value.isString() ? value.getAsString().isEmpty() : number(value).signum() == 0;
        }
        return expected instanceof JsonNull;
    }

    private static boolean equal(JsonElement expected, JsonElement actual) {
        boolean texts = isText(expected) && isText(actual);
        if (!texts && isNumber(expected) && isNumber(actual)) {
            return number(expected).compareTo(number(actual)) == 0;
        }
        return expected.equals(actual);
    }

    private static boolean isText(JsonElement value) {
        return value instanceof JsonPrimitive primitive && primitive.isString();
    }

    private static boolean isNumber(JsonElement value) {
        if (value == null) {
            return true;
        }
        return value instanceof JsonPrimitive primitive && !primitive.isBoolean()
            && primitive.getAsString().matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
    }

    private static BigDecimal number(JsonElement value) {
        return value == null ? BigDecimal.ZERO : value.getAsBigDecimal();
    }

    private static void require(boolean met, JsonElement expected, JsonElement actual, String place) throws Failure {
        require(met, show(expected), show(actual), place);
    }

    private static void require(boolean met, String expected, String actual, String place) throws Failure {
        if (!met) {
            throw new Failure(place + ": expected " + expected + ", came " + actual);
        }
    }
}
