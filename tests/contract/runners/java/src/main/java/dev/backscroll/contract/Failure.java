package dev.backscroll.contract;

/** The reason why a step failed, for the report. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String why) {
        super(why);
    }
}
