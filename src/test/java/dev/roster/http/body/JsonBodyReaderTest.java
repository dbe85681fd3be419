package dev.roster.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.http.problem.BodyException;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.Reason;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import jakarta.validation.Valid;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records inside records, lists and maps. The routes' own records are flat. */
class JsonBodyReaderTest {
    @SelfValidating
    public record Team(
            PersonName name,
            @Nullable Role role,
            @Valid Member owner,
            @Nullable List<@Valid Member> members,

            @Nullable Map<String, String> labels) {
        @SelfValidation
        public void validate(ViolationCollector violations) {
            if (labels != null && labels.size() > 2) {
                BodyRules.refuse(violations, "labels", Reason.of(ErrorCode.TOO_LONG, "must have at most 2 labels", 2));
            }
        }

        /** Jackson would take this for a property. */
        boolean isLarge() {
            return members != null && members.size() > 100;
        }
    }

    @SelfValidating
    public record Member(
            EmailAddress email,
            @Nullable String firstName,
            @Nullable String lastName) {
        @SelfValidation
        public void validate(ViolationCollector violations) {
            if (lastName != null && firstName == null) {
                BodyRules.refuse(
                        violations,
                        "firstName",
                        Reason.of(ErrorCode.MISSING_WITH, "is required with last_name", List.of("last_name")));
            }
            if ("-".equals(lastName)) {
                BodyRules.refuse(violations, Reason.of(ErrorCode.BLANK, "must not be anonymous"));
            }
        }
    }

    @Test
    void nestedBodyBecomesRecords() {
        Team team = read("""
                {"name": "A", "owner": {"email": "a@example.com"},
                 "members": [{"email": "b@example.com", "first_name": "B"}], "labels": {"a": "1", "b": "2"}}""");

        assertThat(team)
                .isEqualTo(new Team(
                        new PersonName("A"),
                        null,
                        new Member(new EmailAddress("a@example.com"), null, null),
                        List.of(new Member(new EmailAddress("b@example.com"), "B", null)),
                        Map.of("a", "1", "b", "2")));
    }

    @Test
    void everyInvalidMemberIsNamedByItsPath() {
        assertThat(invalid("""
                {"name": 1,
                 "x/y": {},
                 "large": true,
                 "owner": {"email": "a@b", "lastName": "B", "last_name": "B"},
                 "members": [{"x": [1]}, null, 1, {"email": null, "last_name": "-", "first_name": []}],
                 "labels": {"a": 1, "b/c": null, "": {}}}"""))
                .containsOnly(
                        entry("name", "must be a string"),
                        entry("x/y", "is not a known member"),
                        entry("large", "is not a known member"),
                        entry("owner/email", "must be a well-formed e-mail address"),
                        entry("owner/lastName", "is not a known member"),
                        entry("owner/first_name", "is required with last_name"),
                        entry("members/0/x", "is not a known member"),
                        entry("members/0/email", "is required"),
                        entry("members/1", "must be an object"),
                        entry("members/2", "must be an object"),
                        entry("members/3/email", "must be a string"),
                        entry("members/3/first_name", "must be a string"),
                        entry("members/3", "must not be anonymous"),
                        entry("labels/a", "must be a string"),
                        entry("labels/b/c", "must be a string"),
                        entry("labels/", "must be a string"),
                        entry("labels", "must have at most 2 labels"));
    }

    /** Each of these rules breaks in the same body. */
    @Test
    void everyBrokenRuleKeepsItsOwnReason() {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> read("""
                {"name": "A", "owner": {"email": "a@example.com", "last_name": "-"},
                 "labels": {"a": "1", "b": "2", "c": "3"}}"""));

        assertThat(refused.invalidMembers())
                .extracting(InvalidMember::field, member -> member.reason().code())
                .containsExactlyInAnyOrder(
                        tuple("owner/first_name", ErrorCode.MISSING_WITH),
                        tuple("owner", ErrorCode.BLANK),
                        tuple("labels", ErrorCode.TOO_LONG));
    }

    @Test
    void unknownMembersAreNamedWhereverTheyStand() {
        assertThat(invalid("""
                {"z": 1, "owner": {"x": 1, "email": "a@example.com", "y": 1}, "name": "A", "role": "user",
                 "members": [], "labels": {}, "w": 1}""")).containsOnlyKeys("z", "owner/x", "owner/y", "w");
    }

    @Test
    void missingMembersAreNamed() {
        assertThat(invalid("{}")).containsOnly(entry("name", "is required"), entry("owner", "is required"));
    }

    @Test
    void valuesOfAnotherTypeAreNamedOnce() {
        assertThat(invalid("""
                {"name": ["A"], "role": true, "owner": "B", "members": {"email": 1}, "labels": [1]}"""))
                .containsOnly(
                        entry("name", "must be a string"),
                        entry("role", "must be a string"),
                        entry("owner", "must be an object"),
                        entry("members", "must be an array"),
                        entry("labels", "must be an object"));
        String nulls = "{\"name\": null, \"role\": null, \"owner\": null, \"members\": null, \"labels\": null}";
        assertThat(invalid(nulls)).containsOnlyKeys("name", "role", "owner", "members", "labels");
    }

    @Test
    void brokenJsonIsRefusedBeforeInvalidMembersAre() {
        String start = "{\"name\": 1, \"role\": \"admin\", ";

        for (String end : List.of("", "\"owner\": {\"x\": [1,]}}", "\"members\": [{1", "\"name\": 2}", "\"x\": 1} 2")) {
            assertThatExceptionOfType(BodyException.class)
                    .isThrownBy(() -> read(start + end))
                    .withMessageStartingWith("The body is not well-formed JSON (line 1");
        }
    }

    @Test
    void forbiddenValueIsRefusedBeforeInvalidMembersAre() {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> read("{\"name\": 1, \"role\": \"admin\", \"x\": 1}"));

        assertThat(refused.refusal()).isEqualTo(Refusal.FORBIDDEN);
    }

    record Count(Integer count) {}

    record Choice(Refusal refusal) {}

    @Test
    void typesThatJacksonWouldCoerceAreRejected() {
        for (Class<? extends Record> type : List.of(Count.class, Choice.class)) {
            assertThatThrownBy(() -> Bodies.read(type, "{}".getBytes(StandardCharsets.UTF_8)))
                    .hasMessageContaining("Not added to the module");
        }
    }

    private static Map<String, String> invalid(String body) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> read(body));
        return refused.invalidMembers().stream()
                .collect(Collectors.toMap(InvalidMember::field, InvalidMember::message)); // fails if one is named twice
    }

    private static Team read(String body) {
        return Bodies.read(Team.class, body.getBytes(StandardCharsets.UTF_8));
    }
}
