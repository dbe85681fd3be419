package dev.roster.support.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.database.TestDatabase;
import dev.roster.support.process.CommandLine.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** Runs shell commands in this JVM, against one database. */
public final class Shell {
    private final TestDatabase database;
    private final Map<String, String> variables;

    public Shell(TestDatabase database) {
        this(database, Map.of());
    }

    private Shell(TestDatabase database, Map<String, String> variables) {
        this.database = database;
        this.variables = variables;
    }

    /** Returns a shell with this environment variable added. */
    public Shell with(String variable, String value) {
        Map<String, String> more = new HashMap<>(variables);
        more.put(variable, value);
        return new Shell(database, more);
    }

    public Outcome run(String command, String... arguments) {
        return type("", command, arguments);
    }

    /** Runs a command with this text on stdin. */
    public Outcome type(String input, String command, String... arguments) {
        return CommandLine.run(
                database.variables(variables),
                input.getBytes(StandardCharsets.UTF_8),
                Stream.concat(Stream.of(command, "config.yml"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /** Asserts that the audit trail is intact. */
    public void verifyAudit() {
        Outcome outcome = run("audit-verify");
        assertThat(outcome.failed()).as(outcome.errors()).isFalse();
    }

    /** The duration of the user's only revocation. */
    public long secondsRevoked(UUID userId) {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT extract(epoch FROM expires_at - revoked_at)::bigint
                          FROM token_blocklist
                         WHERE user_id = :userId
                        """)
                .bind("userId", userId)
                .mapTo(Long.class)
                .one());
    }

    /** The audit events of what operators did to the user. */
    public List<Event> eventsOf(UUID userId) {
        return database.jdbi().withHandle(handle -> handle.createQuery("""
                        SELECT type, actor_id, session_id, details, host(ip) AS ip, user_agent
                          FROM audit_events
                         WHERE target_id = :userId AND details LIKE '%operator%'
                         ORDER BY occurred_at, id
                        """)
                .bind("userId", userId)
                .map(ConstructorMapper.of(Event.class))
                .list());
    }

    /** Asserts that a command succeeded and printed only this line. */
    public static void expect(Outcome outcome, String line) {
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.output()).isEqualTo(line + "\n");
    }

    /** Asserts that a command failed and printed only this line, to stderr. */
    public static void expectRefusal(Outcome outcome, String line) {
        assertThat(outcome.errors()).isEqualTo(line + System.lineSeparator());
        assertThat(outcome.failed()).isTrue();
        assertThat(outcome.output()).isEmpty();
    }

    /** An audit event. */
    public record Event(
            String type,
            @Nullable UUID actorId,
            @Nullable UUID sessionId,
            String details,
            @Nullable String ip,
            @Nullable String userAgent) {

        public static Event of(String type, @Nullable UUID sessionId) {
            return new Event(type, null, sessionId, "by_operator", null, null);
        }
    }
}
