package dev.roster.command.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.TestTokens;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LoginAnswersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    /** E1 */
    @Test
    void failedLoginsAreIndistinguishable() {
        String unknown = Api.newEmail();
        Api.TestUser deleted = api.newUser();
        api.delete(deleted.path(), deleted.token()).expect(204);
        Reply expected = api.login(user.email(), "wrong").expectProblem(401, "invalid-credentials");

        for (String password : List.of(
                "wrong",
                Api.PASSWORD,
                "",
                " ",
                Api.PASSWORD + "\0",
                "\0",
                "\ud800",
                "q".repeat(72),
                "q".repeat(73),
                "q".repeat(15 * 1024))) {
            for (String email : List.of(
                    unknown,
                    deleted.email(),
                    user.email() + "x",
                    "x" + user.email(),
                    "",
                    " ",
                    "no address",
                    "a@b",
                    "\0",
                    user.email() + "\0",
                    "\ud800" + user.email(),
                    "%",
                    "_".repeat(500),
                    "\u212a" + user.email())) {
                assertThat(comparable(api.login(email, password))).isEqualTo(comparable(expected));
            }
            if (!password.equals(Api.PASSWORD)) {
                assertThat(comparable(api.login(user.email(), password))).isEqualTo(comparable(expected));
            }
        }
        api.login(user.email(), Api.PASSWORD).expect(200);
    }

    /** E1 */
    @Test
    void oversizedLoginIsRefusedForKnownAndUnknownAddresses() {
        Reply known = api.login(user.email(), "q".repeat(17 * 1024)).expectProblem(413, "too-large");
        Reply unknown = api.login(Api.newEmail(), "q".repeat(17 * 1024));

        assertThat(comparable(unknown)).isEqualTo(comparable(known));
    }

    /** E1, T12 */
    @Test
    void failedRefreshesAreIndistinguishable() {
        Reply expected = api.refresh("garbage").expectInvalidToken();
        TestSession ended = api.newSession(user);
        api.logout(ended.accessToken()).expect(204);
        Api.TestUser deleted = api.newUser();
        TestSession ofDeleted = api.newSession(deleted);
        api.delete(deleted.path(), deleted.token()).expect(204);
        TestSession spent = api.newSession(user);
        TestSession live = api.refreshed(spent.refreshToken());
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM spent_refresh_tokens")); // ends the grace period

        for (String token : List.of(
                "",
                " ",
                "\0",
                "q".repeat(15 * 1024),
                live.accessToken(),
                live.refreshToken() + "=",
                live.refreshToken().substring(1) + "A",
                "A".repeat(live.refreshToken().length()),
                ended.refreshToken(),
                ofDeleted.refreshToken(),
                spent.refreshToken(),
                live.refreshToken())) { // the spent token above has ended its session
            assertThat(comparable(api.refresh(token))).isEqualTo(comparable(expected));
        }
    }

    /** The answer without the values that differ on every request. */
    private static List<Object> comparable(Reply reply) {
        Map<String, List<String>> headers = new TreeMap<>(reply.headers().map());
        headers.keySet().removeAll(List.of("date", "traceresponse"));
        String requestId = String.valueOf(headers.remove("x-request-id"));
        String id = requestId.substring(1, requestId.length() - 1);
        return List.of(reply.status(), headers, reply.text().replace(TestTokens.json(id), "\"…\""));
    }
}
