package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.query.list.Listing.Person;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The content, order and pages of the user list. */
class ListUsersIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();
    private final Listing listing = new Listing(api);

    @Test
    void listedUserEqualsTheUserReadAlone() {
        insert();
        Api.TestUser user = api.newUser();

        Reply list = api.get("/users", user.token()).expect(200);

        assertThat(list.header("Content-Type")).isEqualTo("application/json");
        assertThat(list.header("Cache-Control")).isEqualTo("no-store");
        assertThat(list.header("ETag")).isNull();
        assertThat(list.header("Link")).isNull();
        assertThat(list.text())
                .isEqualTo("{\"users\":[" + api.get("/users/me", user.token()).text() + "],\"next_cursor\":null}");
    }

    @Test
    void listRequiresAValidToken() {
        api.get("/users", null).expectUnauthenticated();
        api.get("/users", "garbage").expectInvalidToken();
        api.get("/users?limit=0&x=1", null).expectUnauthenticated();
    }

    @Test
    void listWithoutUsersIsEmpty() {
        insert();

        assertThat(listing.get("").expect(200).text()).isEqualTo("{\"users\":[],\"next_cursor\":null}");
    }

    @Test
    void pageHasFiftyUsersUnlessALimitIsGiven() {
        insert(IntStream.range(0, 201).mapToObj(i -> Person.named("A", i)).toArray(Person[]::new));

        assertThat(listing.emails("")).hasSize(50);
        assertThat(listing.emails("?")).hasSize(50);
        assertThat(listing.emails("?limit=1")).hasSize(1);
        assertThat(listing.emails("?limit=200")).hasSize(200);
        assertThat(listing.emails("?limit=200&role=admin")).isEmpty();
    }

    /** RFC 8288: the link is a relative reference and repeats every given parameter. */
    @Test
    void linkAndCursorLeadToTheNextPage() {
        insert(IntStream.range(0, 5)
                .mapToObj(i -> Person.named("Zoë & 100% + a=b #" + i, i).createdAt("2026-01-0" + (9 - i)))
                .toArray(Person[]::new));
        String query = "?sort=-created_at&q=zo%C3%AB+%26+100%25%20%2B+a%3Db+%23&role=user&limit=2";

        Reply first = listing.get(query).expect(200);
        String link = first.header("Link");
        String cursor = Listing.nextCursor(first);

        assertThat(Listing.members(first, "email")).containsExactly("0@example.com", "1@example.com");
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(link)
                .isEqualTo("<users?sort=-created_at&q=zo%C3%AB%20%26%20100%25%20%2B%20a%3Db%20%23"
                        + "&role=user&limit=2&cursor=" + cursor + ">; rel=\"next\"");

        Reply second = listing.get(reference(first)).expect(200);
        assertThat(Listing.members(second, "email")).containsExactly("2@example.com", "3@example.com");
        assertThat(listing.get(query + "&cursor=" + cursor).text()).isEqualTo(second.text());

        Reply third = listing.get(reference(second)).expect(200);
        assertThat(Listing.members(third, "email")).containsExactly("4@example.com");
        assertThat(third.header("Link")).isNull();
        assertThat(Listing.nextCursor(third)).isNull();
    }

    @Test
    void listEndsWithAPageThatIsExactlyFull() {
        insert(Person.named("A", 1), Person.named("B", 2));

        Reply page = listing.get("?limit=2&sort=name").expect(200);

        assertThat(Listing.members(page, "name")).containsExactly("A", "B");
        assertThat(Listing.nextCursor(page)).isNull();
        assertThat(page.header("Link")).isNull();
    }

    @Test
    void nextPageMayHaveAnotherLimit() {
        insert(IntStream.range(0, 9).mapToObj(i -> Person.named("A" + i, i)).toArray(Person[]::new));

        String cursor = Listing.nextCursor(listing.get("?limit=2&sort=email").expect(200));

        assertThat(listing.emails("?limit=4&sort=email&cursor=" + cursor))
                .containsExactly("2@example.com", "3@example.com", "4@example.com", "5@example.com");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 200})
    void usersAreSortedByTheMicrosecondOfTheirCreation(int limit) {
        Person late = Person.named("A", 1).createdAt("2026-11-22T07:04:31.123457Z");
        Person early = Person.named("B", 2).createdAt("2026-11-22T07:04:31.123456Z");
        Person ancient = Person.named("C", 3).createdAt("1600-02-29T00:00:00.000001Z");
        Person future = Person.named("D", 4).createdAt("9999-12-31T23:59:59.999999Z");
        insert(late, future, early, ancient);

        assertListed("sort=created_at&limit=" + limit, ancient, early, late, future);
        assertListed("limit=" + limit, ancient, early, late, future);
        assertListed("sort=-created_at&limit=" + limit, future, late, early, ancient);
    }

    @ParameterizedTest
    @CsvSource({"created_at, 1", "created_at, 2", "name, 1", "name, 2"})
    void usersWithEqualSortKeysAreSortedById(String sort, int limit) {
        Person[] same = IntStream.range(0, 5)
                .mapToObj(i -> Person.named("Same", 9 - i).withId(i))
                .toArray(Person[]::new);
        insert(same[3], same[0], same[4], same[2], same[1]);

        assertListed("sort=" + sort + "&limit=" + limit, same);
        Collections.reverse(Arrays.asList(same));
        assertListed("sort=-" + sort + "&limit=" + limit, same);
    }

    /** In any locale: ASCII, Latin, Cyrillic, Han, full-width letters, then surrogate pairs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 200})
    void namesAreSortedByCodePointIgnoringCase(int limit) {
        Person[] sorted = Stream.of("-", "7", "_", "anna", "ANNA B", "Anne", "anne-Marie", "Zoe", "Ärger", "ärgern")
                .map(name -> Person.of(name, name.codePointAt(name.length() - 1) + "." + name.length() + "@a.com"))
                .toArray(Person[]::new);
        Person[] more = {
            Person.of("ж", "z1@a.com"),
            Person.of("田中", "z2@a.com"),
            Person.of("ｚ", "z3@a.com"),
            Person.of("😀", "z4@a.com")
        };
        Person[] all = Stream.concat(Arrays.stream(sorted), Arrays.stream(more)).toArray(Person[]::new);
        List<Person> shuffled = new ArrayList<>(List.of(all));
        Collections.shuffle(shuffled);
        Listing.insert(ROSTER.jdbi(), shuffled);

        assertListed("sort=name&limit=" + limit, all);
        Collections.reverse(Arrays.asList(all));
        assertListed("sort=-name&limit=" + limit, all);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 200})
    void addressesAreSortedIgnoringCase(int limit) {
        Person[] sorted = Stream.of("!@a.com", "A-b@a.com", "a.b@a.com", "B@a.com", "b_@a.com", "bb@a.com", "Z@A.com")
                .map(email -> Person.of("A", email))
                .toArray(Person[]::new);
        insert(sorted[4], sorted[1], sorted[6], sorted[0], sorted[2], sorted[5], sorted[3]);

        assertListed("sort=email&limit=" + limit, sorted);
        Collections.reverse(Arrays.asList(sorted));
        assertListed("sort=-email&limit=" + limit, sorted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at", "-created_at", "name", "-name", "email", "-email"})
    void roleFilterSelectsTheUsersOfARole(String sort) {
        Person admin = Person.named("B", 2).withRole("admin");
        Person other = Person.named("D", 4).withRole("admin");
        insert(Person.named("A", 1), admin, Person.named("C", 3), other, Person.named("E", 5));

        assertThat(listing.walk("limit=1&role=admin&sort=" + sort))
                .containsExactlyInAnyOrder(admin.email(), other.email());
        assertThat(listing.emails("?role=user&sort=" + sort)).hasSize(3);
        assertThat(listing.emails("?role=admin&q=d&sort=" + sort)).containsExactly(other.email());
        assertThat(listing.emails("?role=admin&q=example&sort=" + sort)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ross | Juliet Ross, ROSS Geller, rossi@example.org",
                "ROSS | Juliet Ross, ROSS Geller, rossi@example.org",
                "et R | Juliet Ross",
                "' Ross ' | Juliet Ross, ROSS Geller, rossi@example.org",
                "Juliet  Ross |",
                "ssross |",
                "ross geller |ROSS Geller",
                "JULIET.r | juliet.r@example.com",
                "@example.org | rossi@example.org, 100%@example.org",
                "i@e | rossi@example.org",
                "rossi@example.org | rossi@example.org",
                "x@example.org |",
                "% | 100%@example.org",
                "100% | 100%@example.org",
                "100%@ | 100%@example.org",
                "1%0 |",
                "%% |",
                "_ | a_b",
                "a_b | a_b",
                "acb |",
                "\\ | back\\slash",
                "k\\s | back\\slash",
                "k\\\\s |",
                "' '' ' | O'Neil",
                "o'n | O'Neil",
                "~ | ~tilde~",
                "e~ | ~tilde~",
                "~~ |",
                "ж | Жанна Иванова",
                "Ж | Жанна Иванова",
                "ИВАНОВ | Жанна Иванова",
                "на И | Жанна Иванова",
                "田 | 田中太郎",
                "田中 | 田中太郎",
                "中太郎 | 田中太郎",
                "田太 |",
                "😀 | Smile 😀😀",
                "😀😀 | Smile 😀😀",
                "e 😀 | Smile 😀😀",
                "ÄRGER | Ärger",
                "zq |",
                "j | Juliet Ross, juliet.r@example.com",
                "ju | Juliet Ross, juliet.r@example.com",
                "jul | Juliet Ross, juliet.r@example.com",
            })
    void searchFindsTextWithinANameOrAnAddress(String text, String matches) {
        List<Person> people = Stream.of(
                        "Juliet Ross",
                        "ROSS Geller",
                        "a_b",
                        "back\\slash",
                        "O'Neil",
                        "~tilde~",
                        "Жанна Иванова",
                        "田中太郎",
                        "Smile 😀😀",
                        "Ärger")
                .map(name -> Person.of(name, "u" + name.codePointAt(name.length() - 1) + name.length() + "@w.hu"))
                .collect(Collectors.toList());
        Stream.of("rossi@example.org", "100%@example.org", "juliet.r@example.com")
                .forEach(email -> people.add(Person.of("U", email)));
        Listing.insert(ROSTER.jdbi(), people);
        List<String> expected = people.stream()
                .filter(person -> matches != null
                        && Arrays.asList(matches.split(", ")).stream()
                                .anyMatch(one -> one.equals(person.name()) || one.equals(person.email())))
                .map(Person::email)
                .toList();

        for (String sort : List.of("created_at", "-name", "email")) {
            for (int limit : new int[] {1, 200}) {
                assertThat(listing.walk("limit=" + limit + "&sort=" + sort + "&q=" + Listing.encode(text)))
                        .containsExactlyInAnyOrderElementsOf(expected);
            }
        }
        assertThat(expected).hasSize(matches == null ? 0 : matches.split(", ").length);
    }

    @Test
    void searchDoesNotMatchAcrossNameAndAddress() {
        insert(Person.of("Anna", "berta@example.com"));

        assertThat(listing.emails("?q=annaberta")).isEmpty();
        assertThat(listing.emails("?q=ab")).isEmpty();
        assertThat(listing.emails("?q=anna")).hasSize(1);
    }

    /** Sorted by creation or address, the matches are further apart than one scanned stretch. */
    @Test
    void searchFindsMatchesThatAreFarApart() {
        ROSTER.jdbi().useHandle(handle -> {
            handle.execute("DELETE FROM users");
            handle.execute("""
                    INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at)
                    SELECT gen_random_uuid(), CASE WHEN i <= 30 OR i > 24970 THEN 'N' || i || 'Zelda' ELSE 'N' || i END,
                           to_char(i, 'FM00000') || '@example.com', 'user', 'x', to_timestamp(i), now()
                      FROM generate_series(1, 25000) AS i
                    """);
        });

        for (String sort : List.of("created_at", "name", "email")) {
            List<String> all = listing.walk("limit=200&q=zelda&sort=" + sort);

            assertThat(all).hasSize(60).doesNotHaveDuplicates();
            for (int limit : new int[] {7, 30, 50}) {
                assertThat(listing.walk("limit=" + limit + "&q=zelda&sort=" + sort))
                        .isEqualTo(all);
                assertThat(listing.walk("limit=" + limit + "&q=Da&sort=" + sort))
                        .isEqualTo(all);
            }
            List<String> backwards = listing.walk("limit=9&q=ZELDA&sort=-" + sort);
            Collections.reverse(backwards);
            assertThat(backwards).isEqualTo(all);
        }
    }

    /** H1 */
    @Test
    void listAnswersHeadLikeGet() {
        insert(Person.named("A", 1), Person.named("B", 2));

        Reply get = listing.get("?limit=1").expect(200);
        Reply head = api.send(api.request("/users?limit=1", listing.token()).method("HEAD", BodyPublishers.noBody()))
                .expect(200);

        assertThat(head.text()).isEmpty();
        for (String header : List.of("Content-Type", "Content-Length", "Cache-Control", "Link")) {
            assertThat(head.header(header)).as(header).isNotNull().isEqualTo(get.header(header));
        }
    }

    @Test
    void listedUserHasOnlyPublicMembers() {
        insert(Person.named("A", 1));

        JsonNode user = listing.get("").expect(200).body().path("users").path(0);

        assertThat(user.fieldNames())
                .toIterable()
                .containsExactly(
                        "id", "name", "email", "email_verified", "role", "profile", "created_at", "updated_at");
    }

    private void assertListed(String query, Person... expected) {
        assertThat(listing.walk(query)).isEqualTo(Listing.emailsOf(List.of(expected)));
    }

    private static void insert(Person... people) {
        Listing.insert(ROSTER.jdbi(), List.of(people));
    }

    /** The query of the link to the next page. */
    private static String reference(Reply page) {
        String link = String.valueOf(page.header("Link"));
        assertThat(link).startsWith("<users?").endsWith(">; rel=\"next\"");
        return link.substring("<users".length(), link.indexOf('>'));
    }
}
