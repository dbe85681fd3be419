package dev.roster.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api.TestUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The setting TOKEN_ALGORITHM, which a start applies to all nodes. */
class AlgorithmChangeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.migrated();
    private final List<RosterExtension> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(RosterExtension::stop);
    }

    @Test
    void tokensOfEachAlgorithmStayValidAcrossRestarts() throws Exception {
        TestUser user = start("HS256").api().newUser();
        List<String> tokens = new ArrayList<>(List.of(user.token()));
        for (String algorithm : List.of("ES256", "RS256", "EdDSA", "HS256")) {
            restart(algorithm);
            Poll.until("it signs", PATIENCE, () -> header(node().api().newToken(user.email()))
                    .contains("\"alg\":\"" + algorithm + "\""));
            String token = node().api().newToken(user.email());
            assertThat(header(token)).contains("\"alg\":\"" + algorithm + "\"", "\"typ\":\"at+jwt\"");
            assertThat(header(token).contains("\"kid\"")).isEqualTo(!algorithm.equals("HS256"));
            tokens.add(token);

            assertThat(tokens)
                    .allSatisfy(each -> node().api().get("/users/me", each).expect(200));
        }
        assertThat(header(tokens.get(0))).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}");
    }

    @Test
    void nodeWithAnotherSettingFollowsTheTable() throws Exception {
        RosterExtension old = start("HS256");
        TestUser user = old.api().newUser();
        RosterExtension updated = start("ES256");

        String token = updated.api().newToken(user.email());

        old.api().get("/users/me", token).expect(200);
        updated.api().get("/users/me", user.token()).expect(200);
        assertThat(header(old.api().newToken(user.email()))).contains("\"alg\":\"ES256\"");
    }

    private RosterExtension start(String algorithm) throws Exception {
        RosterExtension node = new RosterExtension()
                .on(database)
                .with("TOKEN_ALGORITHM", algorithm)
                .with("KEY_LEAD", "1s");
        node.start();
        nodes.add(node);
        return node;
    }

    private void restart(String algorithm) throws Exception {
        stop();
        nodes.clear();
        RosterExtension unused = start(algorithm);
    }

    private RosterExtension node() {
        return nodes.get(nodes.size() - 1);
    }

    private static String header(String token) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[0]), StandardCharsets.UTF_8);
    }
}
