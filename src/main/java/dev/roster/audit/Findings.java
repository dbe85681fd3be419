package dev.roster.audit;

import java.util.function.Consumer;

/** What is not as it was written: told at once, so that many take no memory, and counted. */
final class Findings {
    private final Consumer<String> out;
    private long count;

    Findings(Consumer<String> out) {
        this.out = out;
    }

    void add(String finding) {
        count++;
        out.accept(finding);
    }

    long count() {
        return count;
    }
}
