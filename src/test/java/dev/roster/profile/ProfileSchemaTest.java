package dev.roster.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.settings.StartRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyViolationIsNamedByItsPath() throws JsonProcessingException {
        assertThat(check("""
                        {"type": "object", "required": ["age", "z/z"], "additionalProperties": false,
                         "properties": {
                           "age": {"type": "integer", "minimum": 0},
                           "city": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"},
                           "tags": {"items": {"$ref": "#/$defs/t"}, "uniqueItems": true},
                           "contact": {"oneOf": [{"const": 1}, {"type": "string"}]},
                           "in": {"properties": {"a~b": {"enum": ["x"]}}, "unevaluatedProperties": false}},
                         "$defs": {"t": {"type": "string"}}}""", """
                        {"age": -1, "city": "ABCDE", "tags": [1, "a", "a"], "contact": null, "x/y": 1,
                         "in": {"a~b": "y", "c": 1}}"""))
                .containsOnly(
                        entry("profile/age", List.of("minimum: must have a minimum value of 0")),
                        entry(
                                "profile/city",
                                List.of(
                                        "maxLength: must be at most 3 characters long",
                                        "pattern: does not match the regex pattern ^[a-z]+$")),
                        entry("profile/tags", List.of("uniqueItems: must have only unique items in the array")),
                        entry("profile/tags/0", List.of("type: integer found, string expected")),
                        entry(
                                "profile/contact",
                                List.of("oneOf: must be valid to one and only one schema, but 0 are valid")),
                        entry("profile/in/a~0b", List.of("enum: does not have a value in the enumeration [\"x\"]")),
                        entry("profile/in/c", List.of("is not a known member")),
                        entry("profile/z~1z", List.of("is required")),
                        entry("profile/x~1y", List.of("is not a known member")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "^\\\\u00e9$ | é | ê",
                "^\\\\u{1F600}$ | 😀 | 😁",
                "^\\\\\\\\u00e9$ | \\\\u00e9 | é",
                "^\\\\d{4}-\\\\d\\\\d$ | 2026-11 | 2026-1",
                "\\\\p{Lu} | aB | ab",
                "^a$ | a | 'a\\n'"
            })
    void patternIsThatOfEcmaScript(String pattern, String good, String bad) throws JsonProcessingException {
        String schema = "{\"properties\": {\"a\": {\"pattern\": \"" + pattern + "\"}}}";

        assertThat(check(schema, "{\"a\": \"" + good + "\"}")).isEmpty();
        assertThat(check(schema, "{\"a\": \"" + bad + "\"}")).containsOnlyKeys("profile/a");
    }

    /** V12: Java's own expressions would need longer than the universe exists. */
    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "^(a|aa)*$", "^(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void noTextKeepsAPatternBusy(String pattern) throws JsonProcessingException {
        String text = "a".repeat(8000) + "!";

        assertThat(check(
                        "{\"properties\": {\"a\": {\"pattern\": \"" + pattern + "\"}}," + "\"patternProperties\": {\""
                                + pattern + "\": {}}}",
                        "{\"a\": \"" + text + "\", \"" + text + "\": 1}"))
                .containsOnlyKeys("profile/a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | its file is not well-formed JSON (line 1, column 2)",
                "{} {} | its file is not well-formed JSON (line 1, column 4)",
                "{\"type\": \"object\", \"type\": \"object\"} | its file is not well-formed JSON (line 1, column 26)",
                "[] | its file must have a JSON object",
                "{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}"
                        + " | its $schema must be https://json-schema.org/draft/2020-12/schema",
                "{\"$ref\": \"http://127.0.0.1/x\"}"
                        + " | its file must not refer to other files: each $ref must begin with #/",
                "{\"not\": [{\"$ref\": \"file:///etc/passwd\"}]}"
                        + " | its file must not refer to other files: each $ref must begin with #/",
                "{\"properties\": {\"a\": {\"$ref\": \"other.json#/a\"}}}"
                        + " | its file must not refer to other files: each $ref must begin with #/",
                "{\"$defs\": {\"a\": {\"$id\": \"http://127.0.0.1/\"}}} | its file must not use $id",
                "{\"$dynamicRef\": \"#a\"} | its file must not use $dynamicRef",
                "{\"$ref\": \"#\"} | its file has a $ref that leads back to itself: #",
                "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/b\"}}, \"$defs\": {\"b\": {\"anyOf\": [{\"$ref\":"
                        + " \"#/$defs/b\"}]}}} | its file has a $ref that leads back to itself: #/$defs/b",
                "{\"properties\": {\"a\": {\"$ref\": \"#/$defs/none\"}}}"
                        + " | its file is not a usable JSON Schema: Reference /$defs/none cannot be resolved",
                "{\"properties\": {\"a\": {\"pattern\": \"(?=a)\"}}} | its file is not a usable JSON Schema:"
                        + " the pattern (?=a) is not one of RE2, which has no look-around and no back-references",
                "{\"patternProperties\": {\"(\": {}}} | its file is not a usable JSON Schema:"
                        + " the pattern ( is not one of RE2, which has no look-around and no back-references"
            })
    void schemaThatCannotBeUsedStopsTheStart(String schema, String reason) {
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> file(schema).schema())
                .withMessage("PROFILE_SCHEMA: " + reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\": \"objct\"}", "{\"properties\": {\"a\": {\"minimum\": \"x\"}}}"})
    void schemaIsCheckedAgainstItsDraft(String schema) {
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> file(schema).schema())
                .withMessageStartingWith("PROFILE_SCHEMA: its file is not a JSON Schema of the draft 2020-12: /");
    }

    @Test
    void schemaMayReferToItselfForAMemberOfAValue() throws JsonProcessingException {
        String tree = "{\"properties\": {\"t\": {\"$ref\": \"#\"}}, \"additionalProperties\": false}";

        assertThat(check(tree, "{\"t\": {\"t\": {\"t\": {}}}}")).isEmpty();
        assertThat(check(tree, "{\"t\": {\"t\": {\"x\": {}}}}")).containsOnlyKeys("profile/t/t/x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\": {\"type\": \"string\", \"x-filter\": 1} | x-filter must be true or false: #/properties/a",
                "\"a\": {\"type\": \"number\", \"x-filter\": true}"
                        + " | x-filter needs the type string, integer or boolean: #/properties/a",
                "\"a\": {\"x-filter\": true} | x-filter needs the type string, integer or boolean: #/properties/a",
                "\"a'b\": {\"type\": \"string\", \"x-filter\": true} | x-filter needs a name of at most 32 letters,"
                        + " digits, _ and -, with a letter in front: #/properties/a'b"
            })
    void markThatCannotBeUsedStopsTheStart(String property, String reason) {
        assertThatExceptionOfType(StartRefusedException.class)
                .isThrownBy(() -> file("{\"properties\": {" + property + "}}").filters())
                .withMessage("PROFILE_SCHEMA: " + reason);
    }

    private static Map<String, List<String>> check(String schema, String profile) throws JsonProcessingException {
        Map<String, List<String>> violations = new TreeMap<>();
        for (InvalidMember invalid : file(schema).schema().check("profile", JSON.readTree(profile))) {
            String keyword = invalid.reason().code() == ErrorCode.AGAINST_SCHEMA
                    ? invalid.reason().parameters().get("keyword") + ": "
                    : "";
            violations.merge(
                    invalid.field(), List.of(keyword + invalid.message()), (a, b) -> List.of(a.get(0), b.get(0)));
        }
        return violations;
    }

    private static SchemaFile file(String schema) {
        return SchemaFile.of(schema.getBytes(StandardCharsets.UTF_8));
    }
}
