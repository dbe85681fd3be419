package dev.roster.integration.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.apikey.Scope;
import dev.roster.integration.stream.Endings.Reason;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.EventStream;
import dev.roster.support.http.EventStream.Event;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends a token on one node reaches the stream of another. The fleet proof measures how soon. */
class RevocationReasonsIT {
    private static final int TIMES = 5;
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    @RegisterExtension
    static final RosterExtension NODE = withSettings(new RosterExtension().on(DATABASE));

    @RegisterExtension
    static final RosterExtension OTHER = new RosterExtension().on(DATABASE);

    private final Api api = NODE.api();
    private final Endings endings = new Endings(api, NODE.admin(), DATABASE);
    private final String key = TestKeys.make(DATABASE.jdbi(), Scope.REVOCATIONS);

    private static RosterExtension withSettings(RosterExtension node) {
        Endings.SETTINGS.forEach(node::with);
        return node;
    }

    /** S9 */
    @ParameterizedTest
    @EnumSource
    void endOfATokenReachesTheStreamOfAnotherNode(Reason reason) {
        int times = reason == Reason.ALL_SESSIONS_ENDED ? 1 : TIMES; // it covers tokens of the next second, too
        try (EventStream stream = EventStream.open(OTHER.api().base(), key)) {
            stream.await("beat");
            for (int i = 0; i < times; i++) {
                TestUser user = api.newUser();
                TestSession session = api.newSession(user);
                JsonNode claims = Endings.claims(session);
                assertThat(stream.events()).noneMatch(event -> Endings.covers(event, claims));

                endings.end(reason, user, session);

                Event event = stream.await("revoked", each -> Endings.covers(each, claims));
                assertThat(event.data().path("exp").asLong())
                        .isGreaterThanOrEqualTo(claims.path("exp").asLong());
            }
        }
    }
}
