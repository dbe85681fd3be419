package dev.roster.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.RefusedException;
import dev.roster.user.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectRules rules = new ObjectRules("profile");

    /** The examples of RFC 7396, sections 1 and 3 and appendix A, whose target and patch are objects. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':'b'} | {'a':'c'} | {'a':'c'}",
                "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
                "{'a':'b'} | {'a':null} | {}",
                "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
                "{'a':['b']} | {'a':'c'} | {'a':'c'}",
                "{'a':'c'} | {'a':['b']} | {'a':['b']}",
                "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
                "{'e':null} | {'a':1} | {'e':null,'a':1}",
                "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}",
                "{'a':'b','c':{'d':'e','f':'g'}} | {'a':'z','c':{'f':null}} | {'a':'z','c':{'d':'e'}}",
                "{'a':[1,2]} | {'a':[null]} | {'a':[null]}",
                "{'title':'Goodbye!','author':{'givenName':'John','familyName':'Doe'},'tags':['example','sample']}"
                        + "| {'title':'Hello!','phoneNumber':'+01','author':{'familyName':null},'tags':['example']}"
                        + "| {'title':'Hello!','author':{'givenName':'John'},'tags':['example'],'phoneNumber':'+01'}"
            })
    void patchIsMerged(String stored, String patch, String expected) throws JsonProcessingException {
        JsonObject merged = merge(json(stored), json(patch)).object();

        assertThat(JSON.readTree(merged.text())).isEqualTo(JSON.readTree(json(expected)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1,'b':2} | {'b':3,'c':null} | profile-b",
                "{'a':1,'b':{'c':[1]}} | {'a':null,'b':{'c':[1,2]}} | profile-a,profile-b",
                "{} | {'favoriteColor':1,'b-2_C':2} | profile-b-2_C,profile-favoriteColor",
                "{} | {'a b':1,'é':2,'':3,'c':4} | profile,profile-c",
                "{} | {'abcdefghijklmnopqrstuvwxyzabcdefg':1} | profile"
            })
    void detailsNameTheMembersThatChanged(String stored, String patch, String details) {
        assertThat(merge(json(stored), json(patch)).details()).isEqualTo(details);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | {}", "{} | {'a':null}", "{'a':1} | {'a':1}", "{'a':{'b':[1.5]}} | {'a':{'b':[1.5],'c':null}}"
            })
    void patchWithoutEffectChangesNothing(String stored, String patch) {
        assertThat(merge(json(stored), json(patch)).isChanged()).isFalse();
    }

    /** An object that breaks a rule of today can still be sent back with the rest of the user. */
    @Test
    void objectIsNotCheckedIfNothingChanges() {
        String deep = "{\"a\":[[[[[]]]]]}";

        assertThat(merge(deep, deep).isChanged()).isFalse();
        assertThat(refused(deep, "{\"b\":1}")).containsExactly("profile/a/0/0/0/0");
    }

    @Test
    void everyTooDeepValueIsNamed() {
        assertThat(merge("{}", "{\"a\":{\"b\":[{\"c\":[1]}]}}").isChanged()).isTrue();
        assertThat(refused("{}", "{\"a\":{\"b\":[{\"c\":[1, {}, []]}]},\"x/~y\":[[[[{}]]]]}"))
                .containsExactly("profile/a/b/0/c/1", "profile/a/b/0/c/2", "profile/x~1~0y/0/0/0/0");
    }

    @Test
    void membersOfAllObjectsAreCountedTogether() {
        assertThat(merge("{}", "{\"a\":{" + members(63) + "}}").isChanged()).isTrue();
        assertThat(refused("{}", "{\"a\":{" + members(64) + "}}")).containsExactly("profile");
        assertThat(refused("{\"z\":1}", "{\"a\":[{" + members(32) + "},{" + members(31) + "}]}"))
                .containsExactly("profile");
    }

    @Test
    void bytesAreThoseOfPostgres() {
        String rest = "{\"a\": \"\"}";
        assertThat(merge("{}", "{\"a\":\"" + "x".repeat(8192 - rest.length()) + "\"}")
                        .isChanged())
                .isTrue();
        assertThat(refused("{}", "{\"a\":\"" + "x".repeat(8193 - rest.length()) + "\"}"))
                .containsExactly("profile");
        assertThat(refused("{\"b\":1}", "{\"a\":\"" + "é".repeat((8192 - rest.length()) / 2) + "\"}"))
                .containsExactly("profile");
    }

    /** They are plain members here, and in JavaScript too, if it reads them with {@code JSON.parse}. */
    @Test
    void namesThatAreSpecialInJavaScriptArePlainMembers() {
        String sent = "{\"__proto__\":{\"admin\":true},\"constructor\":{\"prototype\":{\"a\":1}},\"toString\":1}";

        MergedObject merged = merge("{}", sent);

        assertThat(merged.object().text()).isEqualTo(sent);
        assertThat(merged.details()).isEqualTo("profile-__proto__,profile-constructor,profile-toString");
    }

    private MergedObject merge(String stored, String patch) {
        return new MergePatch(rules, patch).mergeInto(JsonObject.of(stored));
    }

    private List<String> refused(String stored, String patch) {
        return catchThrowableOfType(RefusedException.class, () -> merge(stored, patch)).invalidMembers().stream()
                .map(InvalidMember::field)
                .toList();
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"" + i + "\":1").collect(Collectors.joining(","));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
