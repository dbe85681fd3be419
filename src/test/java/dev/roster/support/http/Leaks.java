package dev.roster.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/** Finds what no answer may reveal (ASVS 13.4.6, 16.5.1): exceptions, classes, SQL, tables, libraries. */
public final class Leaks {
    private static final Pattern INSIDE = Pattern.compile(
            "exception|throwable|stack ?trace|\\.java\\b|\\bat [\\w$.]+\\("
                    + "|\\b(?:java|javax|jakarta|org|com|io|dev)\\.[a-z]"
                    + "|jetty|jersey|jackson|fasterxml|dropwizard|hibernate|logback|jdbi|jose4j|bcrypt|caffeine"
                    + "|postgres|psql|jdbc|sqlstate|\\bselect\\b.+\\bfrom\\b|insert into|delete from|relation \""
                    + "|token_blocklist|email_key|password_hash|constraint \"",
            Pattern.CASE_INSENSITIVE);

    private Leaks() {}

    /** Asserts that neither the headers nor the body reveal any of it. */
    public static Reply none(Reply reply) {
        assertThat(reply.headers().map().toString()).doesNotContainPattern(INSIDE);
        assertThat(reply.text()).doesNotContainPattern(INSIDE);
        return reply;
    }
}
