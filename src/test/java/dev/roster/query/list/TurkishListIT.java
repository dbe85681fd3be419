package dev.roster.query.list;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.query.list.Listing.Person;
import dev.roster.support.RosterExtension;
import dev.roster.support.database.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in a database with a Turkish locale, which has its own sort order and case rules. */
class TurkishListIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension()
            .on(TestDatabase.migratedWith("LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C.UTF-8'"));

    private static final Person JULIET = Person.of("JULIET IRIS", "JULIET.I@X.COM");
    private static final Person INCI = Person.of("İnci Çelik", "inci@a.com");
    private static final Person ZEYNEP = Person.of("zeynep", "zeynep@a.com");

    private final Listing listing = new Listing(ROSTER.api());

    @BeforeAll
    static void insertPeople() {
        Listing.insert(ROSTER.jdbi(), List.of(ZEYNEP, INCI, JULIET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"juliet", "JULIET", "iris", "Iris", "IRIS", "ri", "I@X", "i@x", "juliet.i@x.com"})
    void asciiTextIsFoundInEitherCaseInATurkishLocale(String text) {
        assertThat(listing.emails("?q=" + Listing.encode(text))).containsExactly("JULIET.I@X.COM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"çelik", "ÇELIK", "ÇEL", "Ç"})
    void otherLettersAreFoundInEitherCaseInATurkishLocale(String text) {
        assertThat(listing.emails("?q=" + Listing.encode(text))).containsExactly("inci@a.com");
    }

    @Test
    void usersAreSortedByCodePointInATurkishLocale() {
        assertThat(listing.emails("?sort=email")).containsExactly("inci@a.com", "JULIET.I@X.COM", "zeynep@a.com");
        assertThat(listing.emails("?sort=-name")).last().isEqualTo("inci@a.com");
    }
}
