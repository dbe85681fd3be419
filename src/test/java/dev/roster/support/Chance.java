package dev.roster.support;

import dev.roster.support.http.RawHttp;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Mutates texts at random. Every run makes the same mutations; {@code -Droster.fuzz.seed=7} makes others. Each
 * character of a text stands for one byte.
 */
public final class Chance {
    private static final List<String> TEXTS = List.of(
            "\\u0000",
            "\\ud800",
            "\\u202e",
            "\0",
            "\u00ff",
            "\u00c0\u00af",
            "\u00f0\u009f\u0092\u00a9",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "true",
            "-1",
            "1e999",
            "[[[[[[[[[",
            "\"a\":1,",
            "'; DROP TABLE users; --",
            "${1+1}",
            "#{7*7}",
            "${jndi:ldap://127.0.0.1/a}",
            "%00",
            "%2e%2e/",
            "%s%n",
            "\r\n",
            "\r\n\r\n",
            " ",
            "\t",
            ";a=b",
            "?a=%zz",
            "@",
            ".",
            "\u00c4\u00b0",
            "\u00e2\u0084\u00aa",
            "x".repeat(300));

    private final Random random = new Random(Long.getLong("roster.fuzz.seed", 20261122));

    /**
     * Passes each text to the reader as it is, then 20,000 texts with few or many mutations.
     * {@code -Droster.fuzz.inputs=1000000} passes more.
     */
    public static void tryAll(List<String> texts, Consumer<byte[]> reader) {
        Chance chance = new Chance();
        texts.forEach(text -> reader.accept(RawHttp.bytes(text)));
        for (int i = Integer.getInteger("roster.fuzz.inputs", 20_000); i > 0; i--) {
            reader.accept(RawHttp.bytes(chance.mutated(chance.one(texts), chance.sometimes(5) ? 20 : 3)));
        }
    }

    /** Returns the text after 1 to {@code most} insertions, deletions, duplications and replacements. */
    public String mutated(String text, int most) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            int start = random.nextInt(mutated.length() + 1);
            int end = Math.min(mutated.length(), start + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutated.insert(start, one(TEXTS));
                case 1 -> mutated.delete(start, end);
                case 2 -> mutated.insert(start, mutated.substring(start, end));
                default -> mutated.replace(start, end, String.valueOf((char) random.nextInt(256)));
            }
        }
        return mutated.toString();
    }

    /** Returns true once in this many calls, on average. */
    public boolean sometimes(int in) {
        return random.nextInt(in) == 0;
    }

    public String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
