package dev.backscroll.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that a scenario names, and the placeholders that stand for them. */
final class Placeholders {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)\\}");
    private static final Pattern TIME = Pattern.compile("now(?:([+-]\\d+)s)?");
    private static final Pattern REPEAT = Pattern.compile("repeat:(.*):(\\d+)", Pattern.DOTALL);
    private static final DateTimeFormatter RFC_3339 =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String TIMES = "$times";
    private static final Set<String> REQUESTS = Set.of("request", "requests");

    private final Map<String, String> values = new HashMap<>();

    /**
     * Names a value.
     *
     * @throws Failure if the name has a value
     */
    void define(String name, JsonElement value) throws Failure {
        String text = value.isJsonPrimitive() ? value.getAsString() : value.toString();
        if (values.putIfAbsent(name, text) != null) {
            throw new Failure("the name " + name + " has a value already");
        }
    }

    /**
     * Returns a step with a value for each placeholder, and with the copies that {@code $times} stands for in requests.
     *
     * @throws Failure for a placeholder that has no value
     */
    JsonObject fillStep(JsonObject step) throws Failure {
        JsonObject filled = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : step.entrySet()) {
            filled.add(entry.getKey(), fill(entry.getValue(), null, REQUESTS.contains(entry.getKey())));
        }
        return filled;
    }

    private JsonElement fill(JsonElement element, Integer index, boolean copies) throws Failure {
        if (element instanceof JsonObject object) {
            JsonObject filled = new JsonObject();
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                filled.add(fill(entry.getKey(), index), fill(entry.getValue(), index, copies));
            }
            return filled;
        }
        if (element instanceof JsonArray list) {
            JsonArray filled = new JsonArray();
            for (JsonElement value : list) {
                if (copies && value instanceof JsonObject object && object.has(TIMES)) {
                    int times = object.get(TIMES).getAsInt();
                    for (int copy = 0; copy < times; copy++) {
                        filled.add(fill(object.get("of"), copy, true));
                    }
                } else {
                    filled.add(fill(value, index, copies));
                }
            }
            return filled;
        }
        if (element instanceof JsonPrimitive primitive && primitive.isString()) {
            return new JsonPrimitive(fill(primitive.getAsString(), index));
        }
        return element;
    }

    private String fill(String text, Integer index) throws Failure {
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value(matcher.group(1), index)));
        }
        return matcher.appendTail(filled).toString();
    }

    private String value(String name, Integer index) throws Failure {
        if (name.equals("index") && index != null) {
            return index.toString();
        }
        Matcher time = TIME.matcher(name);
        if (time.matches()) {
            long seconds = time.group(1) == null ? 0 : Long.parseLong(time.group(1));
            return RFC_3339.format(Instant.now().plus(Duration.ofSeconds(seconds)));
        }
        Matcher repeat = REPEAT.matcher(name);
        if (repeat.matches()) {
            return repeat.group(1).repeat(Integer.parseInt(repeat.group(2)));
        }
        String value = values.get(name);
        if (value == null) {
            throw new Failure("${" + name + "} has no value: nothing of that name was captured before");
        }
        return value;
    }
}
