package dev.backscroll.contract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The command line of the runner. */
public final class Main {
    private static final Set<String> OPTIONS = Set.of(
        "--target", "--scenarios", "--report", "--tls-ca", "--credentials", "--service-config", "--only", "--parallel");
    private static final String USAGE = """
        usage: RUNNER --target HOST:PORT --scenarios FOLDER --report FILE [--tls-ca FILE] [--credentials FILE]
                      [--service-config FILE] [--only TEXT] [--parallel NUMBER]""";

    private Main() {}

    /** Ends with 0 where no scenario failed, 1 where one did, 2 where the runner could not begin. */
    public static void main(String[] arguments) throws InterruptedException {
        int status;
        try {
            status = run(options(arguments));
        } catch (RuntimeException | IOException | ExecutionException error) {
            System.err.println(error);
            status = 2;
        }
        System.exit(status);
    }

    private static int run(Map<String, String> options) throws IOException, InterruptedException, ExecutionException {
        Suite suite = Suite.read(Path.of(options.get("--scenarios")), options.getOrDefault("--only", ""));
        Credentials credentials = Credentials.read(path(options, "--credentials"));
        int parallel = Integer.parseInt(options.getOrDefault("--parallel", "8"));
        List<Result> results;
        try (Client client = Client.connect(
                options.get("--target"), path(options, "--tls-ca"), path(options, "--service-config"))) {
            results = Scenarios.run(suite, credentials, client, parallel);
        }
        return Report.write(results, Path.of(options.get("--report"))) ? 0 : 1;
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!OPTIONS.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + "\n" + USAGE);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        if (!options.keySet().containsAll(Set.of("--target", "--scenarios", "--report"))) {
            throw new IllegalArgumentException(USAGE);
        }
        return options;
    }

    private static Path path(Map<String, String> options, String name) {
        return options.containsKey(name) ? Path.of(options.get(name)) : null;
    }
}
