package dev.backscroll.contract;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The report of a run. */
final class Report {
    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private Report() {}

    /** Writes the report, and prints failures and numbers; says whether no scenario failed. */
    static boolean write(List<Result> results, Path path) throws IOException {
        Files.writeString(path, JSON.toJson(results) + "\n");
        for (Result result : results) {
            if (result.result().equals(Result.FAILED)) {
                System.out.println("failed: " + result.name() + ": " + result.why());
            }
        }
        long failed = count(results, Result.FAILED);
        System.out.println(count(results, Result.PASSED) + " passed, " + failed + " failed, "
            + count(results, Result.NOT_RUN) + " not run");
        return failed == 0;
    }

    private static long count(List<Result> results, String kind) {
        return results.stream().filter(result -> result.result().equals(kind)).count();
    }
}
