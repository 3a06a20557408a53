package dev.backscroll.contract;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs scenarios side by side. */
final class Scenarios {
    private Scenarios() {}

    /** Runs all scenarios of a suite, so many at a time; returns the results in their order. */
    static List<Result> run(Suite suite, Credentials credentials, Client client, int parallel)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<Result>> running = new ArrayList<>();
            for (JsonObject scenario : suite.scenarios()) {
                running.add(threads.submit(() -> run(scenario, suite, credentials, client)));
            }
            List<Result> results = new ArrayList<>();
            for (Future<Result> result : running) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Result run(JsonObject scenario, Suite suite, Credentials credentials, Client client)
            throws InterruptedException {
        String name = scenario.get("name").getAsString();
        for (String need : Suite.texts(scenario.getAsJsonArray("needs"))) {
            if (!credentials.has(need)) {
                return new Result(name, Result.NOT_RUN, need, 0);
            }
        }
        long begin = System.nanoTime();
        String why = new Scenario(suite, credentials, client).run(scenario);
        double seconds = Math.round((System.nanoTime() - begin) / 1e6) / 1e3;
        return new Result(name, why == null ? Result.PASSED : Result.FAILED, why, seconds);
    }
}
