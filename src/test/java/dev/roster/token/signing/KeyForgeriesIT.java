package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Leaks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** T1, T3: tokens that a service with public keys refuses. */
class KeyForgeriesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String IN_AN_HOUR = "now() + interval '1 hour'";

    private final RosterExtension roster = new RosterExtension();

    @AfterEach
    void stop() {
        roster.stop();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "HS256")
    void forgedTokensAreRefusedAndNothingIsFetched(SigningAlgorithm algorithm) throws Exception {
        roster.with("TOKEN_ALGORITHM", algorithm.id()).start();
        Api api = roster.api();
        TestUser user = api.newUser();
        KeyTable table = new KeyTable(roster.database());
        String kid = table.active();
        String es256 = table.add(SigningAlgorithm.ES256, "now()", IN_AN_HOUR, IN_AN_HOUR);
        String rs256 = table.add(SigningAlgorithm.RS256, "now()", IN_AN_HOUR, IN_AN_HOUR);
        String edDsa = table.add(SigningAlgorithm.EDDSA, "now()", IN_AN_HOUR, IN_AN_HOUR);
        String ended = table.add(algorithm, "now()", "now()", IN_AN_HOUR);
        Poll.until("they are heard of", PATIENCE, () -> published(api).size() == 5);
        table.change("UPDATE signing_keys SET verifies_until = now() WHERE kid = ?", ended);
        Poll.until("its end is heard of", PATIENCE, () -> published(api).size() == 4);
        KeyForgeries tokens = new KeyForgeries(
                algorithm, find(published(api), kid), table.open(kid).getPrivateKey(), user.id());
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Map<String, String> forgeries = tokens.all(
                    "http://127.0.0.1:" + listener.getLocalPort() + "/jwks.json",
                    Map.of(
                            es256, SigningAlgorithm.ES256,
                            rs256, SigningAlgorithm.RS256,
                            edDsa, SigningAlgorithm.EDDSA),
                    ended);

            api.get("/users/me", tokens.genuine()).expect(200);
            assertThat(forgeries).hasSizeGreaterThan(100).allSatisfy((name, token) -> {
                Leaks.none(api.get("/users/me", token).expectInvalidToken());
                api.logout(token).expectInvalidToken();
            });

            listener.setSoTimeout(200);
            assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
        }
        api.get("/users/me", user.token()).expect(200);
    }

    private static JsonNode published(Api api) {
        return api.raw("GET", "/.well-known/jwks.json").expect(200).body().path("keys");
    }

    private static JsonNode find(JsonNode keys, String kid) {
        for (JsonNode key : keys) {
            if (key.path("kid").asText().equals(kid)) {
                return key;
            }
        }
        throw new AssertionError("There is no " + kid);
    }
}
