package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.query.list.Listing.Person;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import dev.roster.support.http.Api;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Search and order ignore case and normal form, in a database whose locale knows the case of ASCII only. */
class CaseFoldingIT {
    @RegisterExtension
    static final RosterExtension ROSTER =
            new RosterExtension().on(TestDatabase.migratedWith("LOCALE_PROVIDER libc LOCALE 'C'"));

    private final Api api = ROSTER.api();
    private final Listing listing = new Listing(api);

    @ParameterizedTest
    @CsvSource({
        "Οδυσσεύς, ΟΔΥΣΣΕΎΣ",
        "ΟΔΥΣΣΕΎΣ, οδυσσεύς",
        "ΟΔΥΣΣΕΎΣ, οδυσσεύσ",
        "Οδυσσεύς Παπάς, σσεύσ ΠΑΠΆΣ",
        "José, JOSÉ",
        "김민준, 김민준",
        "Жанна, ЖАННА",
        "Ҷамшед Ғафуров, ҷамшед ҒАФУРОВ",
        "Straße, STRASSE",
        "STRASSE, straße",
        "Straẞe, strasse",
        "ﬁnn, FINN",
        "Œuvre, ŒUVRE",
        "ϐασιλική, ΒΑΣΙΛΙΚΉ",
        "ΐρις, Ϊ́ΡΙΣ",
        "ᾠδή, ὨΙΔΉ",
        "ᾠδή, ᾨΔΉ",
        "Ǆemal, ǆemal",
        "ǰan, J̌AN",
        "Արամ Եւա, ԱՐԱՄ ԵՒԱ",
        "Եւա, և",
        "ᏣᎳᎩ, ꮳꮃꭹ",
        "Მარიამ, მარიამ",
        "𞤀𞤣𞤤𞤢𞤥, 𞤢𞤁𞤂𞤀𞤃",
        "İnci, İNCI",
        "Kelvin, \u212Aelvin",
        "Ångström, \u212BNGSTRÖM",
        "ſophia, SOPHIA",
        "Ａｄａ, ａＤＡ"
    })
    void nameIsFoundInAnyCaseAndNormalForm(String name, String term) {
        for (Form stored : List.of(Form.NFC, Form.NFD)) {
            Listing.insert(
                    ROSTER.jdbi(),
                    List.of(Person.of("x", "x@a.com"), Person.of(Normalizer.normalize(name, stored), "found@a.com")));
            for (Form sent : Form.values()) {
                if (sent == Form.NFC || sent == Form.NFD) {
                    String text = Normalizer.normalize(term, sent);
                    assertThat(listing.emails("?q=" + Listing.encode(text)))
                            .as(text)
                            .containsExactly("found@a.com");
                }
            }
        }
    }

    /** Full case folding is that of no language, and does not remove accents. */
    @ParameterizedTest
    @CsvSource({"Irmak, ırmak", "José, jose", "Müller, mueller", "Ярослав, yaroslav"})
    void otherLettersAreOthers(String name, String term) {
        Listing.insert(ROSTER.jdbi(), List.of(Person.of(name, "other@a.com")));

        assertThat(listing.emails("?q=" + Listing.encode(term))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NFC", "NFD"})
    void namesAreStoredInNfc(Form form) {
        String name = "José 김민준 Οδυσσεύς";
        String sent = Normalizer.normalize(name, form);
        Map<String, Object> body = Api.newBody(Api.newEmail());
        body.put("name", " " + sent + " ");

        Api.TestUser user = api.newUser();
        assertThat(api.register(body).expect(201).body().path("name").textValue())
                .isEqualTo(name);
        assertThat(api.put(user.path(), user.token(), Map.of("name", sent))
                        .expect(200)
                        .body()
                        .path("name")
                        .textValue())
                .isEqualTo(name);
        // The other form is no change.
        assertThat(api.put(user.path(), user.token(), Map.of("name", Normalizer.normalize(name, Form.NFD)))
                        .expect(200)
                        .header("ETag"))
                .isEqualTo("\"2\"");
    }

    /** Characters are counted in NFC. */
    @Test
    void lengthIsThatOfTheNormalForm() {
        Api.TestUser user = api.newUser();
        for (String longest : List.of("é".repeat(100), "ᾂ".repeat(100), "한".repeat(100))) {
            String decomposed = Normalizer.normalize(longest, Form.NFD);
            assertThat(api.put(user.path(), user.token(), Map.of("name", decomposed))
                            .expect(200)
                            .body()
                            .path("name")
                            .textValue())
                    .isEqualTo(longest);
            listing.get("?q=" + Listing.encode(decomposed)).expect(200);
            api.put(user.path(), user.token(), Map.of("name", decomposed + "x")).expectInvalid("name");
            listing.get("?q=" + Listing.encode(decomposed + "x")).expectInvalid("q");
        }
        // Two code points each in NFC.
        api.put(user.path(), user.token(), Map.of("name", "\u0958".repeat(51))).expectInvalid("name");
        api.put(user.path(), user.token(), Map.of("name", "\u0958".repeat(50))).expect(200);
    }

    @Test
    void namesAreSortedByTheirFolding() {
        Listing.insert(
                ROSTER.jdbi(),
                List.of(
                        Person.of("στα", "3@a.com"),
                        Person.of("ΣΣΑ", "2@a.com"),
                        Person.of("ςαα", "1@a.com"),
                        Person.of("Straße", "5@a.com"),
                        Person.of("STRASSF", "6@a.com"),
                        Person.of("strassd", "4@a.com")));

        assertThat(listing.walk("limit=1&sort=name"))
                .containsExactly("4@a.com", "5@a.com", "6@a.com", "1@a.com", "2@a.com", "3@a.com");
        assertThat(listing.walk("limit=2&sort=-name&q=" + Listing.encode("Σ")))
                .containsExactly("3@a.com", "2@a.com", "1@a.com");
    }

    /** A cursor of a list without a term, or with one in the other normal form, goes on. */
    @Test
    void cursorBelongsToBothNormalFormsOfATerm() {
        Listing.insert(ROSTER.jdbi(), List.of(Person.of("José A", "1@a.com"), Person.of("José B", "2@a.com")));
        String cursor = Listing.nextCursor(listing.get("?sort=name&limit=1&q=" + Listing.encode("José")));

        assertThat(listing.emails(
                        "?sort=name&cursor=" + cursor + "&q=" + Listing.encode(Normalizer.normalize("José", Form.NFD))))
                .containsExactly("2@a.com");
    }

    /** A row that bypasses the service, or that a node of an older version writes. */
    @Test
    void databaseNormalizesAndFoldsNames() {
        Listing.insert(ROSTER.jdbi(), List.of(Person.of("Jose\u0301 Σ", "1@a.com")));

        assertThat(row()).isEqualTo("José Σ|josé σ");
        execute("UPDATE users SET name = 'Straße', name_key = 'x'");
        assertThat(row()).isEqualTo("Straße|strasse");
        execute("UPDATE users SET name_key = 'x'");
        assertThat(row()).isEqualTo("Straße|strasse");
        // Too long in NFC.
        execute("UPDATE users SET name = repeat(U&'\\0958', 60)");
        assertThat(row()).isEqualTo("\u0958".repeat(60) + "|" + "\u0915\u093C".repeat(60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOCALE_PROVIDER libc LOCALE 'C'",
                "LOCALE_PROVIDER libc LOCALE 'C.UTF-8'",
                "LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'",
                "LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C.UTF-8'",
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C' LOCALE 'C'",
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            })
    void everyLocaleFoldsAlike(String locale) {
        assumeTrue(!locale.contains("builtin") || hasBuiltinLocales());
        TestDatabase database = TestDatabase.migratedWith(locale);
        Listing.insert(database.jdbi(), List.of(Person.of("IıİΣΊς ßẞﬁ Ж Ä Ꮳ", "1@a.com")));

        String key = database.jdbi().withHandle(handle -> handle.createQuery("SELECT name_key FROM users")
                .mapTo(String.class)
                .one());

        assertThat(key).isEqualTo("iıi̇σίσ ssssfi ж ä Ꮳ");
    }

    /** From PostgreSQL 17 on. */
    private static boolean hasBuiltinLocales() {
        return ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT current_setting('server_version_num')::int >= 170000")
                        .mapTo(Boolean.class)
                        .one());
    }

    private static String row() {
        return ROSTER.jdbi().withHandle(handle -> handle.createQuery("SELECT name || '|' || name_key FROM users")
                .mapTo(String.class)
                .one());
    }

    private static void execute(String sql) {
        ROSTER.jdbi().useHandle(handle -> handle.execute(sql));
    }
}
