package dev.roster.command.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid e-mail addresses, and spellings of the same address. */
class EmailValuesIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private static final String LABEL_63 = "d".repeat(63);

    private final Api api = ROSTER.api();
    private final Api.TestUser user = api.newUser();

    static Stream<String> goodAddresses() {
        return Stream.of(
                "a@b.c",
                "juliet.ross@gmail.com",
                "Juliet.Ross@Gmail.Com",
                "juliet+tag@example.com",
                "juliet_ross-hill@example.co.uk",
                "1234567890@example.com",
                "o'brien@example.com",
                "!#$%&'*+-/=?^_`{|}~@example.com",
                "${7*7}@example.com",
                "#{7*7}@example.com",
                "'or'1'='1@example.com",
                "-@example.com",
                "a@1.example",
                "a@1a.2b",
                "a@example.c0m",
                "a@xn--bcher-kva.example",
                "a@example.xn--p1ai",
                "a@a--b.example",
                "a@sub.sub.sub.sub.example.com",
                "l".repeat(64) + "@example.com",
                "a@" + LABEL_63 + ".com",
                "a@example." + LABEL_63,
                longAddress(254));
    }

    /** V9, V13 */
    @ParameterizedTest
    @MethodSource("goodAddresses")
    void validAddressIsKeptAsTyped(String email) {
        JsonNode registered = api.register(Api.newBody(email)).expect(201).body();
        assertThat(registered.path("email").textValue()).isEqualTo(email);
        String token = api.newToken(email);
        String path = "/users/" + registered.path("id").textValue();
        api.delete(path, token).expect(204);

        JsonNode changed = api.put(user.path(), user.token(), Map.of("email", "  " + email + " "))
                .expect(200)
                .body();
        assertThat(changed.path("email").textValue()).isEqualTo(email);
        api.delete(user.path(), user.token()).expect(204);
    }

    static Stream<String> badAddresses() {
        return Stream.of(
                "",
                " ",
                "@",
                "a",
                "a@",
                "@example.com",
                "example.com",
                "a@b",
                "a@localhost",
                "a@@example.com",
                "a@b@example.com",
                ".a@example.com",
                "a.@example.com",
                "a..b@example.com",
                "a b@example.com",
                "a@exam ple.com",
                "a @example.com",
                "a@ example.com",
                "\"a\"@example.com",
                "\"a b\"@example.com",
                "\"a@b\"@example.com",
                "a\\@b@example.com",
                "a,b@example.com",
                "a;b@example.com",
                "a:b@example.com",
                "a(comment)@example.com",
                "<a@example.com>",
                "A <a@example.com>",
                "mailto:a@example.com",
                "a@example.com,b@example.com",
                "a@[127.0.0.1]",
                "a@[IPv6:::1]",
                "a@127.0.0.1",
                "a@::1",
                "a@example.123",
                "a@.example.com",
                "a@example.com.",
                "a@example..com",
                "a@-example.com",
                "a@example-.com",
                "a@example.-com",
                "a@example.com-",
                "a@exam_ple.com",
                "a@exam'ple.com",
                "a@example.com/",
                "a@example.com:25",
                "a@example.com?x",
                "a@%65xample.com",
                "ä@example.com",
                "a@exämple.com",
                "\uff41@example.com",
                "a@example\u3002com",
                "a\uff20example.com",
                "a\u200b@example.com",
                "a@example.com\ufeff",
                "\u00a0a@example.com",
                "\ta@example.com",
                "a@example.com\n",
                "a@example.com\r\nBcc: b@example.com",
                "l".repeat(65) + "@example.com",
                "a@" + "d".repeat(64) + ".com",
                longAddress(255),
                "a@" + "a.".repeat(7_000) + "a",
                "(".repeat(15_000));
    }

    /** V9 */
    @ParameterizedTest
    @MethodSource("badAddresses")
    void invalidAddressIsRefused(String email) {
        api.register(Api.newBody(email)).expectInvalid("email");
        api.put(user.path(), user.token(), Map.of("email", email)).expectInvalid("email");
        api.login(email, Api.PASSWORD).expectProblem(401, "invalid-credentials");

        assertThat(api.get(user.path(), user.token()).header("ETag")).isEqualTo("\"1\"");
    }

    /** V10 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kirk.island@milk.example",
                "KIRK.ISLAND@MILK.EXAMPLE",
                "Kirk.Island@Milk.Example",
                "kIrK.iSlAnD@mIlK.eXaMpLe",
                " kirk.island@milk.example",
                "kirk.island@milk.example   ",
                "  KIRK.island@MILK.example "
            })
    void spellingsOfAnAddressAreEqual(String spelling) {
        String email = "kirk.island@milk.example";
        Map<String, Object> body = Api.newBody(email);
        JsonNode registered = api.register(body).expect(201).body();

        api.register(Api.newBody(spelling)).expectProblem(409, "email-taken");
        api.put(user.path(), user.token(), Map.of("email", spelling)).expectProblem(409, "email-taken");
        String token = api.login(spelling, Api.PASSWORD)
                .expect(200)
                .body()
                .path("access_token")
                .textValue();

        String path = "/users/" + registered.path("id").textValue();
        api.put(path, token, Map.of("email", spelling)).expect(200);
        api.register(Api.newBody(email)).expectProblem(409, "email-taken");
        api.delete(path, token).expect(204);
    }

    static Stream<String> lookalikes() {
        return Stream.of(
                "\u212airk.island@milk.example", // KELVIN SIGN, whose lower case is k
                "kirk.island@mil\u212a.example",
                "K\u0130RK.ISLAND@MILK.EXAMPLE", // a capital dotted i, whose lower case is i only in Turkish
                "k\u0131rk.island@milk.example", // a small i without its dot
                "kirk.i\u017fland@milk.example", // a long s
                "kirk.island@milk.e\u0445ample", // a Cyrillic ha
                "\uff4birk.island@milk.example",
                "kirk.island\uff20milk.example",
                "kirk.island@milk\uff0eexample",
                "kirk.island\u200b@milk.example",
                "kirk\u00ad.island@milk.example",
                "\ufeffkirk.island@milk.example",
                "kirk.island@milk.example\u200d",
                "\u00a0kirk.island@milk.example",
                "\u3000kirk.island@milk.example");
    }

    /** V10 */
    @ParameterizedTest
    @MethodSource("lookalikes")
    void lookalikesOfAsciiAreRefused(String spelling) {
        api.put(user.path(), user.token(), Map.of("email", "kirk.island@milk.example"))
                .expect(200);

        api.register(Api.newBody(spelling)).expectInvalid("email");
        api.put(user.path(), user.token(), Map.of("email", spelling)).expectInvalid("email");
        api.login(spelling, Api.PASSWORD).expectProblem(401, "invalid-credentials");

        api.delete(user.path(), user.token()).expect(204);
    }

    /** V10: in Turkish the lower case of I is not i. */
    @Test
    void spellingsOfAnAddressAreEqualInATurkishLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            spellingsOfAnAddressAreEqual("KIRK.ISLAND@MILK.EXAMPLE");
        } finally {
            Locale.setDefault(before);
        }
    }

    /** A well-formed address of this length. */
    private static String longAddress(int length) {
        String start = "l".repeat(64) + "@" + (LABEL_63 + ".").repeat(2);
        return start + "d".repeat(length - start.length() - 2 - 4) + ".e" + ".com";
    }
}
