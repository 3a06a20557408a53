package dev.backscroll.contract;

/**
 * The result of one scenario.
 *
 * @param result {@code passed}, {@code failed} or {@code not run}
 * @param why null of one that passed
 */
record Result(String name, String result, String why, double seconds) {
    static final String PASSED = "passed";
    static final String FAILED = "failed";
    static final String NOT_RUN = "not run";
}
