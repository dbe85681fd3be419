package dev.roster.integration.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.command.reset.ResetRequests;
import dev.roster.mail.SentMails;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.EventStream.Event;
import dev.roster.support.process.Shell;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** Ends tokens on one node, in every way that there is. The node needs {@link #SETTINGS}. */
public final class Endings {
    /** Environment variables. */
    public static final Map<String, String> SETTINGS = Map.of(
            "MAIL", "mailbox",
            "MAIL_LINKS", "https://app.example.com",
            "REFRESH_GRACE", "0s",
            "SESSIONS_PER_USER", "3");

    /** Of {@link #SETTINGS}. */
    private static final int SESSIONS = 3;

    private final Api api;
    private final AdminApi admin;
    private final String serviceKey;
    private final TestDatabase database;

    public Endings(Api api, URI admin, TestDatabase database) {
        this.api = api;
        this.admin = new AdminApi(admin, TestKeys.makeForAll(database.jdbi()));
        this.serviceKey = TestKeys.make(database.jdbi(), Scope.INTROSPECT);
        this.database = database;
    }

    /** What ends a token. */
    public enum Reason {
        LOGOUT,
        REVOKED_BY_A_SERVICE,
        OWN_SESSION_ENDED,
        PASSWORD_CHANGED,
        PASSWORD_RESET_BY_MAIL,
        USER_DELETED,
        USER_DISABLED,
        SESSIONS_ENDED_BY_OPERATOR,
        SESSION_ENDED_BY_OPERATOR,
        REFRESH_TOKEN_REUSED,
        SESSION_LIMIT,
        ROW_BY_HAND,
        ALL_SESSIONS_ENDED
    }

    /** Ends the session of a user who has another one, too. Returns when the answer has arrived. */
    public void end(Reason reason, TestUser user, TestSession session) {
        switch (reason) {
            case LOGOUT -> api.logout(session.accessToken()).expect(204);
            case REVOKED_BY_A_SERVICE ->
                api.send(api.requestTo("/oauth/revoke")
                                .header("Authorization", "Bearer " + serviceKey)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("token=" + session.accessToken())))
                        .expect(200);
            case OWN_SESSION_ENDED ->
                api.delete("/users/me/sessions/" + session.id(), user.token()).expect(204);
            case PASSWORD_CHANGED -> {
                Map<String, String> change =
                        Map.of("password", ResetRequests.NEW_PASSWORD, "current_password", Api.PASSWORD);
                api.put(user.path(), user.token(), change).expect(200);
            }
            case PASSWORD_RESET_BY_MAIL -> {
                ResetRequests reset = new ResetRequests(api);
                reset.request(user.email()).expect(202);
                reset.confirm(new SentMails(database.jdbi()).token(user.id())).expect(204);
            }
            case USER_DELETED -> api.delete(user.path(), user.token()).expect(204);
            case USER_DISABLED -> admin.post(user.path() + "/disable").expect(200);
            case SESSIONS_ENDED_BY_OPERATOR -> admin.delete(user.sessionsPath()).expect(204);
            case SESSION_ENDED_BY_OPERATOR ->
                admin.delete(user.sessionsPath() + "/" + session.id()).expect(204);
            case REFRESH_TOKEN_REUSED -> {
                api.refreshed(session.refreshToken());
                api.refresh(session.refreshToken()).expectInvalidToken();
            }
            case SESSION_LIMIT -> {
                for (int i = 0; i < SESSIONS; i++) {
                    api.newSession(user);
                }
            }
            case ROW_BY_HAND -> database.jdbi().useHandle(handle -> handle.execute("""
                        INSERT INTO token_blocklist (id, kind, user_id, expires_at)
                        VALUES (?, 'user', ?, now() + interval '1 hour')
                        """, user.id(), user.id()));
            case ALL_SESSIONS_ENDED -> new Shell(database).run("end-all-sessions", "--yes");
        }
    }

    /** Whether an event tells that a token with these claims is revoked. */
    public static boolean covers(Event event, JsonNode claims) {
        JsonNode until = event.data().path("revoked_until");
        return until.isMissingNode()
                ? event.revokes(claims.path("jti").asText())
                        || event.revokes(claims.path("sid").asText())
                        || event.revokes(claims.path("sub").asText())
                : until.asLong() >= claims.path("iat").asLong();
    }

    /** The claims of the token of a session. */
    public static JsonNode claims(TestSession session) {
        return TestTokens.read(session.accessToken());
    }
}
