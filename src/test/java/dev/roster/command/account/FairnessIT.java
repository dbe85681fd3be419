package dev.roster.command.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mindrot.jbcrypt.BCrypt;

/** R1: however much some clients send, another one logs in and registers. All send from the same machine. */
class FairnessIT {
    private static final int COST = 8;
    private static final int TRIES = 3;
    private static final String HASH = BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(COST));
    private static final String OTHERS = "198.51.100.7";
    private static final AtomicInteger COUNT = new AtomicInteger();

    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .with("TRUSTED_PROXIES", "127.0.0.1")
            .with("BCRYPT_COST", Integer.toString(COST))
            .with("HASH_WAIT", "20s") // a busy machine must not look like a refusal
            .with("EXCHANGE_TIMEOUT", "59s")
            .set("passwords.hashThreads", "2");

    private final Api api = ROSTER.api();

    @Test
    void twoAddressesWithOneAccountEachKeepNobodyOut() throws Exception {
        List<String> accounts = accounts(2, HASH);
        expectEverybodyServedDuring(128, i -> login("203.0.113." + i % 2, accounts.get(i % 2)));
    }

    @Test
    void oneAddressWithManyAccountsKeepsNobodyOut() throws Exception {
        List<String> accounts = accounts(120, HASH);
        expectEverybodyServedDuring(120, i -> login("203.0.113.9", accounts.get(i)));
    }

    @Test
    void oneNetworkOfIpv6KeepsNobodyOut() throws Exception {
        List<String> accounts = accounts(120, HASH);
        expectEverybodyServedDuring(120, i -> login("2001:db8:1:2::" + Integer.toHexString(i + 1), accounts.get(i)));
    }

    @Test
    void registrationsFromOneAddressKeepNobodyOut() throws Exception {
        expectEverybodyServedDuring(128, i -> register("203.0.113.10", Api.newEmail()));
    }

    @Test
    void wrongPasswordsKeepNobodyOut() throws Exception {
        TestUser user = api.newUser();
        expectEverybodyServedDuring(120, i -> {
            String guess = "wrong " + COUNT.incrementAndGet();
            switch (i % 3) {
                case 0 -> changePassword("203.0.113.11", user, guess);
                case 1 -> login("203.0.113.12", user.email(), guess);
                default -> login("203.0.113.13", Api.newEmail());
            }
        });
    }

    /** V11 */
    @Test
    void oneOfManyRegistrationsFromManyAddressesGetsTheEmailAddress() throws Exception {
        String email = Api.newEmail();

        List<Reply> replies = Concurrently.run(100, i -> register("203.0.113." + (40 + i % 10), email));

        assertThat(replies).extracting(Reply::status).containsOnly(201, 409).containsOnlyOnce(201);
    }

    /** B3 */
    @Test
    void simultaneousLoginsOfManyPersonsAllSucceed() throws Exception {
        List<String> accounts = accounts(6, HASH);

        List<Reply> replies = Concurrently.run(240, i -> login("203.0.113." + (20 + i % 6), accounts.get(i % 6)));

        assertThat(replies).extracting(Reply::status).containsOnly(200);
    }

    /** Clients repeat the request, each on a connection of its own, while another one logs in and registers. */
    private void expectEverybodyServedDuring(int clients, IntConsumer request) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        ExecutorService flood = Executors.newFixedThreadPool(clients);
        try {
            for (int i = 0; i < clients; i++) {
                int index = i;
                flood.execute(() -> {
                    while (!isOver.get()) {
                        request.accept(index);
                        answers.incrementAndGet();
                    }
                });
            }
            Poll.until("the flood is answered", Duration.ofSeconds(30), () -> answers.get() > 0);
            expectEverybodyServed();
        } finally {
            isOver.set(true);
            flood.shutdown();
        }
        assertThat(flood.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private void expectEverybodyServed() {
        List<String> accounts = accounts(TRIES, HASH);
        for (String account : accounts) {
            login(OTHERS, account).expect(200);
            register(OTHERS, Api.newEmail()).expect(201);
        }
        changePassword(OTHERS, api.newUser(), Api.PASSWORD).expect(200);
    }

    /** New users with this hash; returns their e-mail addresses. */
    private static List<String> accounts(int count, String hash) {
        List<String> emails =
                IntStream.range(0, count).mapToObj(i -> Api.newEmail()).toList();
        ROSTER.jdbi().useHandle(handle -> handle.createUpdate("""
                                INSERT INTO users (id, name, email, role, password_hash)
                                SELECT gen_random_uuid(), 'A Person', email, 'user', :hash
                                  FROM unnest(:emails::text[]) AS email
                                """)
                .bind("hash", hash)
                .bindArray("emails", String.class, emails)
                .execute());
        return emails;
    }

    private Reply login(String ip, String email) {
        return login(ip, email, Api.PASSWORD);
    }

    private Reply login(String ip, String email, String password) {
        return send(ip, api.request("/auth/login").POST(body(Map.of("email", email, "password", password))));
    }

    private Reply register(String ip, String email) {
        return send(ip, api.request("/auth/register").POST(body(Api.newBody(email))));
    }

    private Reply changePassword(String ip, TestUser user, String currentPassword) {
        return send(
                ip,
                api.request(user.path(), user.token())
                        .PUT(body(Map.of("password", "Another-Horse-9", "current_password", currentPassword))));
    }

    private Reply send(String ip, HttpRequest.Builder request) {
        return api.send(request.header("Content-Type", "application/json").header("X-Forwarded-For", ip));
    }

    private static HttpRequest.BodyPublisher body(Map<String, ?> body) {
        return BodyPublishers.ofString(TestTokens.json(body));
    }
}
