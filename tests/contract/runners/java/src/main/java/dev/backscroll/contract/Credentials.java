package dev.backscroll.contract;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The credentials file: what the target has, and who callers are. */
final class Credentials {
    /** A user id, and the metadata of the user's calls. */
    record User(String id, Map<String, String> metadata) {}

    private final Set<String> has;
    private final Map<String, Map<String, String>> callers = new HashMap<>();
    private final Queue<User> users = new ConcurrentLinkedQueue<>();

    private Credentials(JsonObject content) {
        has = Suite.texts(content.getAsJsonArray("has"));
        if (content.has("callers")) {
            content.getAsJsonObject("callers").asMap()
                .forEach((name, metadata) -> callers.put(name, metadata(metadata)));
        }
        if (content.has("users")) {
            for (JsonElement element : content.getAsJsonArray("users")) {
                JsonObject user = element.getAsJsonObject();
                users.add(new User(user.get("user_id").getAsString(), metadata(user.get("metadata"))));
            }
        }
    }

    /** Reads the file; without one the target has nothing, and every caller is anonymous. */
    static Credentials read(Path path) throws IOException {
        return new Credentials(path == null ? new JsonObject() : JsonFiles.read(path));
    }

    /** Says whether the target has something that a scenario needs. */
    boolean has(String need) {
        return has.contains(need);
    }

    /** Returns the metadata of a caller of the file, of any other caller none. */
    Map<String, String> caller(String name) {
        return callers.getOrDefault(name, Map.of());
    }

    /** Takes a user that none has taken, or makes one with an id of its own. */
    User takeUser(String name) {
        User user = users.poll();
        return user == null ? new User(name + "-" + UUID.randomUUID(), Map.of()) : user;
    }

    /** Returns an object of texts as a map; null is an empty one. */
    static Map<String, String> metadata(JsonElement object) {
        Map<String, String> metadata = new HashMap<>();
        if (object != null) {
            object.getAsJsonObject().asMap().forEach((key, value) -> metadata.put(key, value.getAsString()));
        }
        return metadata;
    }
}
