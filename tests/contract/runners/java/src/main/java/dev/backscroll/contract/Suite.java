package dev.backscroll.contract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The scenarios of a folder, and what they share.
 *
 * @param protobufPackage the package of all services
 * @param items how streams are read item by item, by method
 * @param scenarios in the order of file names, and within them
 */
record Suite(String protobufPackage, Map<String, Items> items, List<JsonObject> scenarios) {
    private static final String SHARED = "suite.json";

    /** How a stream is read: the field that holds the items, and the kinds of items. */
    record Items(String field, Set<String> changes, Set<String> states) {}

    /**
     * Reads a folder.
     *
     * @param only of the scenarios, those whose names contain this
     * @throws IllegalArgumentException for a file of another format, and for a name that is not unique
     */
    static Suite read(Path folder, String only) throws IOException {
        JsonObject shared = JsonFiles.read(folder.resolve(SHARED));
        Map<String, Items> items = new HashMap<>();
        shared.getAsJsonObject("streams").asMap().forEach((method, value) -> {
            JsonObject stream = value.getAsJsonObject();
            items.put(method, new Items(
                stream.get("items").getAsString(),
                texts(stream.getAsJsonArray("changes")),
                texts(stream.getAsJsonArray("states"))));
        });
        List<JsonObject> scenarios = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path path : files(folder)) {
            for (JsonElement element : JsonFiles.read(path).getAsJsonArray("scenarios")) {
                JsonObject scenario = element.getAsJsonObject();
                String name = scenario.get("name").getAsString();
                if (!names.add(name)) {
                    throw new IllegalArgumentException(path + ": the name is not unique: " + name);
                }
                if (name.contains(only)) {
                    scenarios.add(scenario);
                }
            }
        }
        return new Suite(shared.get("package").getAsString(), items, scenarios);
    }

    /** Returns the texts of a list, of none where it is null. */
    static Set<String> texts(JsonArray list) {
        Set<String> texts = new LinkedHashSet<>();
        if (list != null) {
            list.forEach(text -> texts.add(text.getAsString()));
        }
        return texts;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths
                .filter(path -> path.toString().endsWith(".json") && !path.endsWith(SHARED))
                .sorted()
                .toList();
        }
    }
}
