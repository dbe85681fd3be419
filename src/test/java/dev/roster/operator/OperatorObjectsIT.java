package dev.roster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.TestOperators;
import dev.roster.database.pool.PoolClient;
import dev.roster.profile.MergePatch;
import dev.roster.profile.MetadataChange;
import dev.roster.profile.ObjectRules;
import dev.roster.profile.ProfileChange;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.support.Concurrently;
import dev.roster.support.Poll;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.user.StoredUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Operators change the profile and the metadata of a person, beside the running service. */
class OperatorObjectsIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectRules PROFILE = new ObjectRules("profile");
    private static final ObjectRules METADATA = new ObjectRules("metadata");

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final Operators operators = TestOperators.beside(ROSTER);

    @Test
    void profileAndMetadataAreMergedInOneChange() throws IOException {
        api.put(user.path(), user.token(), "{\"profile\":{\"a\":1,\"b\":2}}").expect(200);

        StoredUser changed = edit("{\"a\":null,\"c\":3}", "{\"plan\":{\"name\":\"gold\"}}");

        assertThat(changed.version()).isEqualTo(3);
        assertThat(JSON.readTree(changed.user().profile().text())).isEqualTo(JSON.readTree("{\"b\":2,\"c\":3}"));
        assertThat(metadata()).isEqualTo(JSON.readTree("{\"plan\":{\"name\":\"gold\"}}"));
        assertThat(details()).containsExactly("profile-a,profile-b", "by_operator,profile-a,profile-c,metadata-plan");
        Poll.until(
                "the node hears of it",
                Duration.ofSeconds(10),
                () -> api.get("/users/me", user.token()).body().path("profile").has("c"));
    }

    @Test
    void patchWithoutEffectKeepsTheVersion() {
        edit(null, "{\"a\":1}");

        assertThat(edit("{}", "{\"a\":1,\"b\":null}").version()).isEqualTo(2);
        assertThat(details()).hasSize(1);
    }

    @Test
    void metadataHasTheLimitsOfAProfile() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> edit(null, "{\"a\":[[[[[]]]]],\"b\":\"" + "x".repeat(8192) + "\"}"));

        assertThat(refused.invalidMembers())
                .extracting(InvalidMember::field)
                .containsExactly("metadata/a/0/0/0/0", "metadata");
    }

    @Test
    void simultaneousChangesLoseNoMember() throws Exception {
        Concurrently.run(32, i -> edit(null, "{\"m" + i + "\":" + i + "}"));

        assertThat(metadata().size()).isEqualTo(32);
        for (int i = 0; i < 32; i++) {
            assertThat(metadata().path("m" + i).asInt(-1)).isEqualTo(i);
        }
    }

    @Test
    void lateExportIsGivenUp() {
        PoolClient request = new PoolClient(() -> "a client");
        request.deadline(System.nanoTime());
        request.enter();
        try {
            assertThat(catchThrowableOfType(RefusedException.class, this::metadata))
                    .extracting(RefusedException::refusal)
                    .isEqualTo(Refusal.UNAVAILABLE);
        } finally {
            PoolClient.leave();
        }
    }

    private StoredUser edit(@Nullable String profile, @Nullable String metadata) {
        UserEditing editing = operators.users().editing();
        return editing.edit(
                        operators.users().atShell(),
                        UserReference.of(user.id()),
                        new UserEdit(
                                null,
                                null,
                                null,
                                null,
                                profile == null ? null : new ProfileChange(new MergePatch(PROFILE, profile)),
                                metadata == null ? null : new MetadataChange(new MergePatch(METADATA, metadata))))
                .stored();
    }

    /** As the export of the person has it. */
    private JsonNode metadata() throws IOException {
        ByteArrayOutputStream export = new ByteArrayOutputStream();
        operators.export().write(UserReference.of(user.id()), export);
        return JSON.readTree(export.toString(StandardCharsets.UTF_8))
                .path("user")
                .path("metadata");
    }

    private List<String> details() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT details FROM audit_events"
                        + " WHERE target_id = :id AND type = 'details_changed' ORDER BY occurred_at, id")
                .bind("id", user.id())
                .mapTo(String.class)
                .list());
    }
}
