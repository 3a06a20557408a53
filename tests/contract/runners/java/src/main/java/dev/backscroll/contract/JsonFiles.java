package dev.backscroll.contract;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files of the contract. */
final class JsonFiles {
    private static final String FORMAT = "1";

    private JsonFiles() {}

    /**
     * Returns the object in a file of the format that this runner knows.
     *
     * @throws IllegalArgumentException for another format, and for a file without an object
     */
    static JsonObject read(Path path) throws IOException {
        try {
            JsonObject content = JsonParser.parseString(Files.readString(path)).getAsJsonObject();
            JsonElement format = content.get("format");
            if (format == null || !format.toString().equals(FORMAT)) {
                throw new IllegalArgumentException(path + ": the format is " + format + ", not " + FORMAT);
            }
            return content;
        } catch (JsonParseException | IllegalStateException error) {
            throw new IllegalArgumentException(path + ": " + error.getMessage(), error);
        }
    }
}
