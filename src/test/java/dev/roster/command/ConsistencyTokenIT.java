package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token that writes return and reads accept, on nodes with and without a replica. */
class ConsistencyTokenIT {
    private static final String HEADER = "Consistency-Token";

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final TestUser user = api.newUser();

    @Test
    void everyWriteReturnsATokenThatReadsAccept() {
        TestSession session = api.newSession(user);
        List<Reply> replies = List.of(
                api.register(Api.newBody(Api.newEmail())).expect(201),
                api.login(user.email(), Api.PASSWORD).expect(200),
                api.put(user.path(), user.token(), Map.of("name", "Changed")).expect(200),
                api.delete(user.sessionsPath() + "/" + session.id(), user.token())
                        .expect(204),
                api.refresh(api.newSession(user).refreshToken()).expect(200),
                api.logout(api.newToken(user.email())).expect(204));

        for (Reply reply : replies) {
            String token = String.valueOf(reply.header(HEADER));
            assertThat(token).matches("1\\.[0-9A-F]{1,8}/[0-9A-F]{1,8}");
            for (String path : List.of(user.path(), "/users/me", "/users?limit=1", user.sessionsPath())) {
                read(path, token).expect(200);
            }
        }
        assertThat(api.delete(user.sessionsPath(), user.token()).expect(204).header(HEADER))
                .isNotNull();
        assertThat(api.delete(user.path(), api.newToken(user.email()))
                        .expect(204)
                        .header(HEADER))
                .isNotNull();
    }

    @Test
    void tokenIsThePositionOfTheCommit() {
        String before = position();
        String token = api.put(user.path(), user.token(), Map.of("name", "Changed"))
                .expect(200)
                .header(HEADER);

        boolean isBetween = ROSTER.jdbi().withHandle(handle -> handle.createQuery(
                        "SELECT :before::pg_lsn < :token::pg_lsn AND :token::pg_lsn <= pg_current_wal_flush_lsn()")
                .bind("before", before)
                .bind("token", String.valueOf(token).replaceFirst("^1\\.", ""))
                .mapTo(Boolean.class)
                .one());
        assertThat(isBetween).isTrue();
    }

    @Test
    void requestsThatWriteNothingReturnNoToken() {
        List<Reply> replies = List.of(
                api.get(user.path(), user.token()).expect(200),
                api.register(Api.newBody(user.email())).expect(409),
                api.login(user.email(), "wrong").expect(401),
                api.put(user.path(), user.token(), Map.of("name", "")).expect(422),
                api.put(user.path(), user.token(), Map.of("name", "X"), "\"99\"")
                        .expect(412),
                api.delete(user.path(), null).expect(401));

        assertThat(replies).allSatisfy(reply -> assertThat(reply.header(HEADER)).isNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "0",
                "0/",
                "/0",
                "0/g",
                "0/ab",
                "1/2/3",
                "123456789/0",
                "0/0,0/0",
                "0/0'",
                "0.0/0",
                "01.0/0",
                "A.0/0",
                "1.",
                "1.0",
                "1:0/0",
                "1.1.0/0",
                "-1.0/0",
                "1234567890.0/0"
            })
    void malformedTokenIsRefused(String value) {
        for (String path : List.of(user.path(), "/users/me", "/users?limit=1", user.sessionsPath())) {
            read(path, value).expectInvalid(HEADER);
        }
    }

    @Test
    void twoTokensAreRefused() {
        api.send(api.request(user.path(), user.token())
                        .header(HEADER, "0/1")
                        .header(HEADER, "0/2")
                        .GET())
                .expectInvalid(HEADER);
    }

    private Reply read(String path, String token) {
        return api.send(api.request(path, user.token()).header(HEADER, token).GET());
    }

    private static String position() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT pg_current_wal_flush_lsn()::text")
                .mapTo(String.class)
                .one());
    }
}
