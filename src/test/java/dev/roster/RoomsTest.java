package dev.roster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.roster.host.Room;
import java.time.Clock;
import java.time.Instant;
import org.jdbi.v3.core.extension.annotation.UseExtensionHandler;

/** Which room may depend on which, and where libraries stay. */
@AnalyzeClasses(packages = "dev.roster", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule NO_TWO_ROOMS_DEPEND_ON_EACH_OTHER =
            slices().matching("dev.roster.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_TWO_PACKAGES_DEPEND_ON_EACH_OTHER =
            slices().matching("dev.roster.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_ROOT_HAS_ONLY_THE_APPLICATION_AND_ITS_CONFIGURATION = classes()
            .that()
            .resideInAPackage("dev.roster")
            .should()
            .haveNameMatching("dev\\.roster\\.(RosterApplication|RosterConfiguration|package-info)(\\$.*)?");

    @ArchTest
    static final ArchRule NO_ROOM_DEPENDS_ON_THE_ROOT = noClasses()
            .that()
            .resideInAPackage("dev.roster.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster");

    @ArchTest
    static final ArchRule THE_WRITE_SIDE_DOES_NOT_KNOW_THE_READ_SIDE =
            noRoom("command").knows("query");

    @ArchTest
    static final ArchRule THE_READ_SIDE_KNOWS_NO_WRITES_PASSWORDS_OR_AUDIT =
            noRoom("query").knows("command", "password", "audit", "limit");

    @ArchTest
    static final ArchRule ROOMS_THAT_BOTH_SIDES_USE_KNOW_NEITHER = noClasses()
            .that()
            .resideInAnyPackage(packages("token", "password", "limit", "log", "key", "id", "settings"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(packages("command", "query")));

    @ArchTest
    static final ArchRule REFUSALS_KNOW_NO_ROOM = room("refusal").knowsOnly();

    @ArchTest
    static final ArchRule USERS_KNOW_REFUSALS_ONLY = room("user").knowsOnly("refusal");

    @ArchTest
    static final ArchRule PROFILES_KNOW_USERS_AND_NEITHER_HTTP_NOR_SQL =
            room("profile").knowsOnly("host", "refusal", "settings", "user");

    @ArchTest
    static final ArchRule FAIR_QUEUES_KNOW_REFUSALS_ONLY = room("fair").knowsOnly("refusal");

    @ArchTest
    static final ArchRule THE_HOST_KNOWS_IDS_ONLY = room("host").knowsOnly("id");

    @ArchTest
    static final ArchRule METRICS_KNOW_THE_HOST_ONLY = room("metrics").knowsOnly("host");

    @ArchTest
    static final ArchRule THE_DATABASE_KNOWS_HOST_QUEUES_KEYS_AND_SETTINGS =
            room("database").knowsOnly("host", "fair", "key", "settings");

    @ArchTest
    static final ArchRule THE_FEED_DOES_NOT_KNOW_ITS_LISTENERS = room("feed").knowsOnly("host", "database", "settings");

    @ArchTest
    static final ArchRule REVOCATION_KNOWS_NEITHER_TOKENS_NOR_USERS =
            room("revocation").knowsOnly("host", "database", "feed");

    @ArchTest
    static final ArchRule HTTP_KNOWS_NO_SUBJECT_BUT_USERS =
            room("http").knowsOnly("host", "database", "id", "refusal", "user");

    @ArchTest
    static final ArchRule AUDIT_DOES_NOT_KNOW_WHO_WRITES_EVENTS =
            room("audit").knowsOnly("host", "database", "http", "id", "key", "settings");

    @ArchTest
    static final ArchRule PAGES_KNOW_NO_SUBJECT = room("page").knowsOnly("host", "http");

    @ArchTest
    static final ArchRule DELIVERY_KNOWS_NOTHING_THAT_IS_DELIVERED =
            room("delivery").knowsOnly("database");

    @ArchTest
    static final ArchRule THE_DIRECTORY_KNOWS_CALLERS_BY_THEIR_IDS_ONLY =
            room("directory").knowsOnly("host", "id", "refusal");

    @ArchTest
    static final ArchRule ONLY_THE_APPLICATION_KNOWS_THE_SHELL = noClasses()
            .that()
            .resideOutsideOfPackages("dev.roster", "dev.roster.shell..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.shell..");

    @ArchTest
    static final ArchRule OPERATORS_ARE_KNOWN_TO_THE_SHELL_AND_THEIR_API_ONLY = noClasses()
            .that()
            .resideOutsideOfPackages("dev.roster", "dev.roster.shell..", "dev.roster.admin..", "dev.roster.operator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.operator..");

    @ArchTest
    static final ArchRule ONLY_THE_APPLICATION_KNOWS_THE_OPERATORS_API = noClasses()
            .that()
            .resideOutsideOfPackages("dev.roster", "dev.roster.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.admin..");

    @ArchTest
    static final ArchRule THE_OPERATORS_API_KNOWS_NEITHER_THE_WRITE_SIDE_NOR_THE_DATABASE = room("admin")
            .knowsOnly("operator", "apikey", "query", "http", "host", "refusal", "id", "user", "audit", "docs");

    @ArchTest
    static final ArchRule API_KEYS_KNOW_NEITHER_THEIR_USES_NOR_TOKENS = room("apikey")
            .knowsOnly("audit", "command", "database", "feed", "host", "http", "key", "limit", "refusal", "user");

    @ArchTest
    static final ArchRule ONLY_THE_APPLICATION_KNOWS_WHAT_OTHER_SERVICES_ASK = noClasses()
            .that()
            .resideOutsideOfPackages("dev.roster", "dev.roster.integration..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.integration..");

    @ArchTest
    static final ArchRule TRACES_STAY_IN_HTTP = library("io.opentelemetry..").staysIn("http");

    @ArchTest
    static final ArchRule ROOMS_MAKE_METRICS_AND_ONE_EXPORTS_THEM =
            library("io.prometheus.metrics.exporter..").staysIn("metrics");

    @ArchTest
    static final ArchRule JWTS_STAY_IN_TOKEN = library("org.jose4j..").staysIn("token");

    @ArchTest
    static final ArchRule HASHES_STAY_IN_PASSWORD = library("org.mindrot..").staysIn("password");

    @ArchTest
    static final ArchRule PASSWORD_LISTS_STAY_IN_PASSWORD =
            library("com.nulabinc..").staysIn("password");

    @ArchTest
    static final ArchRule TEMPLATES_STAY_IN_MAIL = library("com.samskivert..").staysIn("mail.template");

    @ArchTest
    static final ArchRule SMTP_STAYS_IN_MAIL = library("jakarta.mail..").staysIn("mail.smtp");

    /** Users are cached because the feed tells every change. A cache without such news would show what is over. */
    @ArchTest
    static final ArchRule CACHES_ARE_OF_TOKENS_LIMITS_AND_USERS =
            library("com.github.benmanes.caffeine..").staysIn("token", "revocation", "limit", "query.cache");

    @ArchTest
    static final ArchRule THE_TIME_COMES_FROM_THE_ONE_CLOCK = noClasses()
            .that()
            .doNotBelongToAnyOf(RosterApplication.class)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    /** Otherwise each handle reads the annotations anew: see SqlObjects. */
    @ArchTest
    static void everySqlObjectIsPreparedByItsRoom(JavaClasses classes) {
        var prepared = classes.stream()
                .filter(type -> type.isAssignableTo(Room.class))
                .flatMap(type -> type.getReferencedClassObjects().stream())
                .map(ReferencedClassObject::getRawType)
                .toList();

        assertThat(classes.stream().filter(RoomsTest::isSqlObject)).isNotEmpty().allMatch(prepared::contains);
    }

    private static boolean isSqlObject(JavaClass type) {
        return type.getMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(UseExtensionHandler.class));
    }

    private static RoomRule room(String name) {
        return new RoomRule("dev.roster." + name + "..");
    }

    private static RoomRule noRoom(String name) {
        return room(name);
    }

    private static LibraryRule library(String packages) {
        return new LibraryRule(packages);
    }

    private static String[] packages(String... rooms) {
        String[] packages = new String[rooms.length];
        for (int i = 0; i < rooms.length; i++) {
            packages[i] = "dev.roster." + rooms[i] + "..";
        }
        return packages;
    }

    private record RoomRule(String room) {
        ArchRule knows(String... others) {
            return noClasses()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(packages(others)));
        }

        ArchRule knowsOnly(String... others) {
            return noClasses()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.roster..")
                            .and(not(resideInAPackage(room)))
                            .and(not(resideInAnyPackage(packages(others)))));
        }
    }

    private record LibraryRule(String library) {
        ArchRule staysIn(String... rooms) {
            return noClasses()
                    .that()
                    .resideOutsideOfPackages(packages(rooms))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(library);
        }
    }
}
