package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user that was read can be sent back: its read-only members are accepted while they are those of the user. */
class SentBackIT {
    private static final String REFUSAL = "is read-only, and the user has another value";

    @RegisterExtension
    static final RosterExtension ROSTER = RosterExtension.shared();

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();
    private final ObjectNode before = read();

    @Test
    void userThatWasReadCanBeSentBack() {
        Reply reply = put(before).expect(200);

        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.body()).isEqualTo(before);
    }

    @Test
    void changedMembersAreStoredAndReadOnlyMembersKept() {
        ObjectNode sent = before.deepCopy().put("name", "B").put("role", "admin");

        JsonNode changed = put(sent).expect(200).body();

        sent.set("updated_at", changed.path("updated_at"));
        assertThat(changed).isEqualTo(sent);
        assertThat(changed.path("updated_at")).isNotEqualTo(before.path("updated_at"));
        assertThat(put(changed).expect(200).header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void passwordCanBeChangedInTheSameRequest() {
        ObjectNode sent = before.deepCopy().put("password", "Another-Horse-9").put("current_password", Api.PASSWORD);

        put(sent).expect(200);

        api.login(user.email(), "Another-Horse-9").expect(200);
    }

    static Stream<Arguments> others() {
        UnaryOperator<String> later =
                time -> Instant.parse(time).plusNanos(1000).toString();
        UnaryOperator<String> toTheSecond = time -> time.substring(0, 19) + ".0000001Z";
        return Stream.of(
                arguments("id", (UnaryOperator<String>)
                        id -> new UUID(0, UUID.fromString(id).getLeastSignificantBits()).toString()),
                arguments("created_at", later),
                arguments("created_at", toTheSecond),
                arguments("updated_at", later),
                arguments("updated_at", (UnaryOperator<String>) time -> time.replace("Z", "+01:00")),
                arguments("updated_at", (UnaryOperator<String>) time -> time.replace("Z", "1Z")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void readOnlyMemberWithAnotherValueIsNamed(String member, UnaryOperator<String> change) {
        ObjectNode sent = before.deepCopy().put("name", "B");
        sent.put(member, change.apply(before.path(member).textValue()));

        Reply reply = put(sent).expectInvalid(member);

        assertThat(reply.errors()).containsEntry(member, REFUSAL);
        assertThat(reply.body().path("detail").textValue()).isEqualTo("1 member is not valid");
        assertThat(read()).isEqualTo(before);
    }

    @Test
    void pendingAddressIsSentBackAsItIs() {
        setPendingEmail("New@example.org");
        JsonNode read = put(before.deepCopy().put("name", "B").without("email"))
                .expect(200)
                .body(); // not from the cache

        assertThat(read.path("pending_email").textValue()).isEqualTo("New@example.org");
        assertThat(put(read).expect(200).body()).isEqualTo(read);
        put(((ObjectNode) read.deepCopy()).put("pending_email", "new@example.org"))
                .expectInvalid("pending_email");
    }

    @Test
    void allReadOnlyMembersWithOtherValuesAreNamedAtOnce() {
        String time = "2000-01-01T00:00:00Z";
        ObjectNode sent = before.deepCopy()
                .put("name", "B")
                .put("id", UUID.randomUUID().toString())
                .put("email_verified", true)
                .put("pending_email", "a@example.com")
                .put("created_at", time)
                .put("updated_at", time);

        Reply reply = put(sent).expectInvalid("id", "email_verified", "pending_email", "created_at", "updated_at");

        assertThat(reply.errors().values()).containsOnly(REFUSAL);
        assertThat(read()).isEqualTo(before);
    }

    static Stream<UnaryOperator<ObjectNode>> equalForms() {
        return Stream.of(
                sent -> sent.put("id", sent.path("id").textValue().toUpperCase(Locale.ROOT)),
                sent -> sent.put(
                        "created_at", sent.path("created_at").textValue().toLowerCase(Locale.ROOT)),
                sent -> sent.put(
                        "updated_at", sent.path("updated_at").textValue().replace("Z", "000Z")),
                sent -> sent.put(
                        "updated_at", sent.path("updated_at").textValue().replace("Z", "+00:00")),
                sent -> sent.put(
                        "created_at",
                        Instant.parse(sent.path("created_at").textValue())
                                .atOffset(ZoneOffset.ofHoursMinutes(5, 30))
                                .toString()));
    }

    @ParameterizedTest
    @MethodSource("equalForms")
    void anotherFormOfTheSameValueIsAccepted(UnaryOperator<ObjectNode> change) {
        put(change.apply(before.deepCopy()).put("name", "B")).expect(200);
    }

    @ParameterizedTest
    @CsvSource({
        "id,,must be a UUID",
        "id,me,must be a UUID",
        "id,1-1-1-1-1,must be a UUID",
        "email_verified,true,must be a boolean",
        "created_at,now,must be a time as in RFC 3339",
        "updated_at,2026-11-22,must be a time as in RFC 3339",
        "updated_at,2026-02-30T00:00:00Z,must be a time as in RFC 3339"
    })
    void malformedReadOnlyMemberIsNamedWithAllOtherInvalidMembers(String member, String value, String message) {
        ObjectNode sent = before.deepCopy().put("name", "").put(member, value == null ? "" : value);

        Reply reply = put(sent).expectInvalid("name", member);

        assertThat(reply.errors()).containsEntry(member, message);
    }

    @Test
    void readOnlyMembersAloneAreNoChange() {
        Reply reply = put(before.deepCopy().without(List.of("name", "email", "role", "profile")))
                .expectInvalid("body");

        assertThat(reply.errors()).containsEntry("body", "must have one of: name, email, role, profile, password");
    }

    /** The client learns of the change from its precondition, whose answer names the present version. */
    @Test
    void preconditionsAreEvaluatedBeforeReadOnlyMembers() {
        put(before.deepCopy().put("name", "B")).expect(200);

        api.put(user.path(), user.token(), Map.of("name", "C", "updated_at", before.path("updated_at")), "\"1\"")
                .expectProblem(412, "version-conflict");
        put(before.deepCopy().put("name", "C")).expectInvalid("updated_at");
    }

    /** The row's lock decides, so that no update is lost even without If-Match. */
    @RepeatedTest(3)
    void oneOfManyUpdatesOfWhatWasReadIsStored() throws Exception {
        List<Reply> replies = Concurrently.run(50, i -> put(before.deepCopy().put("name", "Racer " + i)));

        assertThat(replies).filteredOn(reply -> reply.status() == 200).hasSize(1);
        assertThat(replies)
                .filteredOn(reply -> reply.status() != 200)
                .hasSize(49)
                .allSatisfy(reply -> reply.expectInvalid("updated_at"));
        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"2\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherUserIsForbiddenWhateverIsSentBack(boolean isUnchanged) {
        Api.TestUser other = api.newUser();
        ObjectNode sent =
                isUnchanged ? before : before.deepCopy().put("id", other.id().toString());

        api.put(user.path(), other.token(), sent.toString()).expectProblem(403, "forbidden");

        assertThat(read()).isEqualTo(before);
    }

    private Reply put(JsonNode body) {
        return api.put(user.path(), user.token(), body.toString());
    }

    private void setPendingEmail(String email) {
        int unused = ROSTER.jdbi()
                .withHandle(
                        handle -> handle.execute("UPDATE users SET pending_email = ? WHERE id = ?", email, user.id()));
    }

    private ObjectNode read() {
        return (ObjectNode) api.get(user.path(), user.token()).expect(200).body();
    }
}
