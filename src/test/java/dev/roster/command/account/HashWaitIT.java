package dev.roster.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mindrot.jbcrypt.BCrypt;

/** Requests that wait for a hash, on a service with fewer threads than there are of them. */
class HashWaitIT {
    private static final int WAITING = 50;

    /** Takes seconds to verify. */
    private static final String SLOW_HASH = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(15));

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("HASH_WAIT", "30s")
            .with("EXCHANGE_TIMEOUT", "59s")
            .set("passwords.hashThreads", "1")
            .set("server.maxThreads", "12");

    private final Api api = ROSTER.api();
    private final TestUser reader = api.newUser();
    private final TestUser slow = api.newUser();
    private final TestUser other = api.newUser();

    /** R2, B3 */
    @Test
    void requestsThatWaitForAHashHoldNoThread() {
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = ? WHERE id IN (?, ?)", SLOW_HASH, slow.id(), other.id()));
        ExecutorService clients = Executors.newFixedThreadPool(2 * WAITING);
        try {
            List<CompletableFuture<Reply>> first = start(clients, () -> api.login(slow.email(), Api.PASSWORD));
            Poll.until("it hashes", Duration.ofSeconds(30), () -> ROSTER.count("roster_hash_busy_threads") == 1);
            List<CompletableFuture<Reply>> second = start(clients, this::changePassword);
            Poll.until("one waits", Duration.ofSeconds(30), () -> ROSTER.count("roster_hash_waiting") == 1);

            api.get(reader.path(), reader.token()).expect(200);
            api.put(reader.path(), reader.token(), Map.of("name", "B")).expect(200);

            assertThat(second).as("still waiting").noneMatch(CompletableFuture::isDone);
            // With a hash each, most of them would wait longer than HASH_WAIT.
            assertThat(first.stream().map(CompletableFuture::join)).allSatisfy(reply -> reply.expect(200));
            // The first change replaces the hash that the others were checked against.
            assertThat(second.stream().map(CompletableFuture::join).map(Reply::status))
                    .isSubsetOf(200, 403, 412)
                    .containsOnlyOnce(200);
        } finally {
            clients.shutdownNow();
        }
    }

    private Reply changePassword() {
        return api.put(
                other.path(), other.token(), Map.of("password", "Another-Horse-9", "current_password", Api.PASSWORD));
    }

    private static List<CompletableFuture<Reply>> start(ExecutorService clients, Supplier<Reply> request) {
        return IntStream.range(0, WAITING)
                .mapToObj(i -> CompletableFuture.supplyAsync(request, clients))
                .toList();
    }
}
