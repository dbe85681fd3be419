package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.query.list.Listing.Person;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.RawHttp.Answers;
import dev.roster.support.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid parameters of the user list, and their messages. */
class ListUsersParametersIT {
    /** Has a role that is not self-assignable. */
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().set("roles.all", "user,admin,owner").set("roles.selfAssignable", "user,admin");

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Api api = ROSTER.api();
    private final Listing listing = new Listing(api);

    @BeforeAll
    static void insertPeople() {
        Listing.insert(
                ROSTER.jdbi(),
                IntStream.range(0, 9)
                        .mapToObj(i -> Person.named("Person " + i, i))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "201",
                "-1",
                "+5",
                "%2B5",
                "5.0",
                "1e2",
                "0x10",
                "5%20",
                "%205",
                "five",
                "5,5",
                "1000",
                "99999999999999999999",
                "%EF%BC%95",
                "%D9%A5",
                "5%00",
                "%00",
                "null",
                "NaN"
            })
    void invalidLimitIsRefused(String limit) {
        assertThat(refusal("?limit=" + limit))
                .containsExactly(Map.entry("limit", "must be a whole number from 1 to 200"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id",
                "role",
                "updated_at",
                "NAME",
                "Name",
                "--name",
                "%2Bname",
                "+name",
                "name,email",
                "name%20desc",
                "name;",
                "-",
                "createdAt",
                "name_key",
                "email_key",
                "password_hash",
                "1",
                "name%00"
            })
    void unknownSortOrderIsRefused(String sort) {
        assertThat(refusal("?sort=" + sort))
                .containsExactly(
                        Map.entry("sort", "must be one of: created_at, -created_at, name, -name, email, -email"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "Admin", "admin%20", "user,admin", "*", "%25", "'", "admin%00", "null"})
    void unknownRoleIsRefused(String role) {
        assertThat(refusal("?role=" + role)).containsExactly(Map.entry("role", "must be one of: admin, owner, user"));
    }

    @Test
    void roleThatIsNotSelfAssignableCanBeListed() {
        assertThat(listing.emails("?role=owner")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "%00, must not contain control characters",
        "a%00, must not contain control characters",
        "a%0Ab, must not contain control characters",
        "%09, must not contain control characters",
        "a%7F, must not contain control characters",
        "%C2%85, must not contain control characters",
        "%20, must be 1 to 100 characters",
        "++, must be 1 to 100 characters",
        "%C2%A0%E3%80%80, must be 1 to 100 characters",
    })
    void invalidSearchTextIsRefused(String text, String message) {
        assertThat(refusal("?q=" + text)).containsExactly(Map.entry("q", message));
    }

    /** Counts code points, not chars. */
    @Test
    void searchTextOfMoreThanAHundredCharactersIsRefused() {
        String smiles = Listing.encode("😀".repeat(100));

        listing.get("?q=" + "a".repeat(100)).expect(200);
        listing.get("?q=%20" + smiles + "%20").expect(200);
        assertThat(refusal("?q=" + smiles + "a")).containsEntry("q", "must be 1 to 100 characters");
        assertThat(refusal("?q=" + "a".repeat(101))).containsEntry("q", "must be 1 to 100 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit", "cursor", "role", "q", "sort"})
    void emptyOrRepeatedParameterIsRefused(String name) {
        assertThat(refusal("?" + name + "=")).containsExactly(Map.entry(name, "must not be empty"));
        assertThat(refusal("?" + name)).containsExactly(Map.entry(name, "must not be empty"));
        assertThat(refusal("?" + name + "=1&" + name + "=1")).containsExactly(Map.entry(name, "must be given once"));
        assertThat(refusal("?" + name + "=1&" + name + "=&" + name))
                .containsExactly(Map.entry(name, "must be given once"));
        assertThat(refusal("?" + name + "&%" + Integer.toHexString(name.charAt(0)) + name.substring(1) + "=1"))
                .containsExactly(Map.entry(name, "must be given once"));
    }

    @ParameterizedTest
    @CsvSource({
        "offset=1, offset",
        "page, page",
        "Limit=5, Limit",
        "limit%20=5, 'limit '",
        "limit[]=5, limit[]",
        "=5, ''",
        "a=1&a=2, a",
        "access_token=x, access_token",
        "%E7%94%B0=1, 田",
        "%22%7D%0D%0A=1, '\"}\r\n'",
        "%00=1, '\0'",
        "%3Cscript%3E, <script>",
        "%E2%80%AE, '\u202e'",
    })
    void unknownParameterIsRefusedByName(String query, String name) {
        assertThat(refusal("?" + query)).containsExactly(Map.entry(name, "is not a known parameter"));
    }

    @Test
    void errorsForUnknownParametersAreTruncated() {
        Reply one = listing.get("?" + "%F0%9F%98%80".repeat(500) + "=1");
        Reply many = listing.get("?"
                + IntStream.range(0, 50).mapToObj(i -> "p" + i + "x".repeat(90)).collect(Collectors.joining("&")));
        Reply more = listing.get(
                "?" + IntStream.range(0, 1000).mapToObj(i -> "p" + i).collect(Collectors.joining("&")));

        assertThat(one.expectProblem(422, "validation").errors())
                .containsExactly(Map.entry("😀".repeat(40) + "…", "is not a known parameter"));
        assertThat(many.expectProblem(422, "validation").errors()).hasSize(50);
        assertThat(many.text().length()).isLessThan(10_000);
        assertThat(more.expectProblem(422, "validation").errors()).hasSize(50);
    }

    @Test
    void allInvalidParametersAreNamedAtOnce() {
        assertThat(refusal("?limit=0&cursor=x&role=x&q=%00&sort=x&x=1&y").keySet())
                .containsExactlyInAnyOrder("limit", "cursor", "role", "q", "sort", "x", "y");
        assertThat(refusal("?limit=1&limit=2&cursor=&role=&q=&sort=name&sort=name")
                        .keySet())
                .containsExactlyInAnyOrder("limit", "cursor", "role", "q", "sort");
        assertThat(listing.get("?limit=0&q=%20&x")
                        .expect(422)
                        .body()
                        .path("detail")
                        .textValue())
                .isEqualTo("3 parameters are not valid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"&", "&&limit=5&", "limit=5", "q=a%2Bb", "q=a=b", "q=a?b", "q=a/b", "sort=name&sort%3Dname"})
    void queryIsReadAsFormData(String query) {
        Reply reply = listing.get("?" + query);

        if (query.contains("%3D")) {
            reply.expectInvalid("sort=name");
        } else {
            reply.expect(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q=%zz",
                "q=%",
                "q=%4",
                "q=a%",
                "q=%ff",
                "q=%C0%AF",
                "q=%C3",
                "q=%ED%A0%80",
                "q=%F4%90%80%80",
                "q=%u0041",
                "q=%-1",
                "q=%+1",
                "%zz=1",
                "%ff",
                "x=%zz",
                "limit=5&q=%e4",
                "q=\u00e4",
                "q=\u00ff",
                "q=\u00c3",
                "q=\u00ed\u00a0\u0080",
                "\u00e4=1",
                "%C0%80"
            })
    void queryThatCannotBeDecodedIsMalformed(String query) {
        String request = "GET /api/v1/users?" + query
                + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + listing.token() + "\r\n\r\n";

        Answers answers = ROSTER.raw().send(request);

        answers.only().expectProblem(400, "malformed");
    }

    /** Some clients, such as curl, send UTF-8 as it was typed. */
    @Test
    void rawUtf8IsReadLikePercentEncodedUtf8() {
        Api api = ROSTER.api();
        TestUser user = api.newUser();
        String name = "Zo\u00eb \ud83d\udc27";
        api.put(user.path(), user.token(), Map.of("name", name)).expect(200);
        String raw =
                new String("q=Zo\u00eb+\ud83d\udc27".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        for (String query : List.of(raw, "q=Zo%C3%AB%20%F0%9F%90%A7")) {
            Reply reply = ROSTER.raw()
                    .send("GET /api/v1/users?" + query
                            + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + listing.token()
                            + "\r\n\r\n")
                    .only()
                    .expect(200);

            assertThat(reply.body().path("users")).hasSize(1);
            assertThat(reply.body().at("/users/0/name").asText()).isEqualTo(name);
        }
        api.delete(user.path(), user.token()).expect(204);
    }

    @Test
    void cursorWithAnyCharacterChangedOrRemovedIsRefused() {
        String cursor = cursor("");
        for (int i = 0; i < cursor.length(); i++) {
            char other = ALPHABET.charAt((ALPHABET.indexOf(cursor.charAt(i)) + 1) % ALPHABET.length());
            expectCursorRefused("", cursor.substring(0, i) + other + cursor.substring(i + 1));
            expectCursorRefused("", cursor.substring(0, i) + cursor.substring(i + 1));
        }
        assertThat(listing.emails("?cursor=" + cursor)).hasSize(7);
    }

    /** The last character has unused bits, so several spellings decode to the same bytes. */
    @Test
    void onlyOneSpellingOfACursorIsAccepted() {
        for (String sort : List.of("created_at", "name", "email")) {
            String list = "sort=" + sort + "&";
            String cursor = cursor(list);
            String allButLast = cursor.substring(0, cursor.length() - 1);
            long taken = ALPHABET.chars()
                    .filter(last -> listing.get("?" + list + "cursor=" + allButLast + (char) last)
                                    .status()
                            == 200)
                    .count();

            assertThat(taken).as(sort).isOne();
            for (String end : List.of("=", "==", "%0A", "%20", "A", "AAAA", "%00", "…")) {
                expectCursorRefused(list, cursor + (end.equals("…") ? Listing.encode(end) : end));
            }
            expectCursorRefused(list, "%20" + cursor);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "null",
                "0",
                "AAAA",
                "eyJpZCI6MX0",
                "019ab6f0-0000-7000-8000-000000000000",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void forgedCursorIsRefused(String cursor) {
        expectCursorRefused("", cursor);
        expectCursorRefused("sort=name&", cursor);
    }

    @Test
    void cursorOfAnotherListIsRefused() {
        List<String> lists = List.of(
                "",
                "sort=-created_at&",
                "sort=name&",
                "sort=-name&",
                "sort=email&",
                "sort=-email&",
                "role=user&",
                "q=person&",
                "q=user&",
                "q=example&role=user&",
                "sort=name&role=user&");
        Map<String, String> cursors = lists.stream()
                .filter(list -> !list.contains("q=user"))
                .collect(Collectors.toMap(list -> list, this::cursor));

        cursors.forEach((of, cursor) -> lists.forEach(list -> {
            if (list.equals(of)) {
                listing.get("?" + list + "cursor=" + cursor).expect(200);
            } else {
                expectCursorRefused(list, cursor);
            }
        }));
        listing.get("?sort=created_at&cursor=" + cursors.get("")).expect(200);
        listing.get("?q=%20person&cursor=" + cursors.get("q=person&")).expect(200);
        expectCursorRefused("q=Person&", String.valueOf(cursors.get("q=person&")));
    }

    /** An invalid parameter leaves the cursor's list unknown. A forged cursor is reported nevertheless. */
    @Test
    void cursorIsBlamedOnlyForItsOwnErrors() {
        String cursor = cursor("");

        assertThat(refusal("?sort=x&cursor=" + cursor).keySet()).containsExactly("sort");
        assertThat(refusal("?limit=0&cursor=" + cursor).keySet()).containsExactly("limit");
        assertThat(refusal("?sort=x&cursor=A" + cursor.substring(1) + "A").keySet())
                .containsExactlyInAnyOrder("sort", "cursor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at", "-created_at", "name", "-name", "email", "-email"})
    void listContinuesIfTheUserOfTheCursorIsDeleted(String sort) {
        Person gone = Person.of("Person 45", "45@example.com").createdAt("2026-11-22T07:04:31.123457Z");
        Person next = Person.of("Person 46", "46@example.com").createdAt("2026-11-22T07:04:31.123458Z");
        Listing.insert(
                ROSTER.jdbi(),
                List.of(
                        gone,
                        next,
                        Person.named("Person 9", 9).createdAt("2027-01-01T00:00:00Z"),
                        Person.named("P", 1)));
        List<String> all = listing.emails("?sort=" + sort);

        String cursor =
                Listing.nextCursor(listing.get("?limit=" + (all.indexOf("45@example.com") + 1) + "&sort=" + sort));
        ROSTER.jdbi().useHandle(handle -> handle.execute("DELETE FROM users WHERE email = '45@example.com'"));

        assertThat(listing.emails("?sort=" + sort + "&cursor=" + cursor))
                .isEqualTo(all.subList(all.indexOf("45@example.com") + 1, all.size()));
        insertPeople();
    }

    @Test
    void otherRoutesIgnoreTheirQuery() {
        Api.TestUser user = api.newUser();

        for (String query : List.of("?x=1", "?limit=0", "?q=%25zz&&")) {
            api.get("/users/me" + query, user.token()).expect(200);
            api.get(user.path() + query, user.token()).expect(200);
        }
        api.delete(user.path(), user.token()).expect(204);
    }

    /** The cursor after the second user of a list. */
    private String cursor(String list) {
        return String.valueOf(
                Listing.nextCursor(listing.get("?" + list + "limit=2").expect(200)));
    }

    private void expectCursorRefused(String list, String cursor) {
        assertThat(refusal("?" + list + "cursor=" + cursor))
                .containsExactly(Map.entry("cursor", "must be the next_cursor of a page of this list"));
    }

    private Map<String, String> refusal(String query) {
        String encoded = query.replace("[", "%5B").replace("]", "%5D");
        return listing.get(encoded).expectProblem(422, "validation").errors();
    }
}
