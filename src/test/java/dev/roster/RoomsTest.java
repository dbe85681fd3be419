package dev.roster;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.roster.http.RequestSource;
import dev.roster.id.Ids;
import dev.roster.key.SecretKey;
import java.time.Clock;
import java.time.Instant;
import org.jdbi.v3.core.extension.annotation.UseExtensionHandler;

/** Which room may know which, and where the libraries stay. */
@AnalyzeClasses(packages = "dev.roster", importOptions = ImportOption.DoNotIncludeTests.class)
class RoomsTest {
    @ArchTest
    static final ArchRule THE_WRITE_SIDE_DOES_NOT_KNOW_THE_READ_SIDE = noClasses()
            .that()
            .resideInAPackage("dev.roster.command..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.query..");

    @ArchTest
    static final ArchRule THE_READ_SIDE_KNOWS_NEITHER_THE_WRITE_SIDE_NOR_PASSWORDS = noClasses()
            .that()
            .resideInAPackage("dev.roster.query..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.roster.command..", "dev.roster.password..");

    @ArchTest
    static final ArchRule WHAT_BOTH_SIDES_USE_KNOWS_NEITHER = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.roster.token..",
                    "dev.roster.password..",
                    "dev.roster.limit..",
                    "dev.roster.audit..",
                    "dev.roster.http..",
                    "dev.roster.log..",
                    "dev.roster.host..",
                    "dev.roster.database..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.roster.command..", "dev.roster.query..");

    @ArchTest
    static final ArchRule AUDIT_KNOWS_LITTLE = noClasses()
            .that()
            .resideInAPackage("dev.roster.audit..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.roster..")
                    .and(not(resideInAPackage("dev.roster.audit..")))
                    .and(not(belongToAnyOf(RequestSource.class, SecretKey.class, Ids.class))));

    @ArchTest
    static final ArchRule THE_READ_SIDE_DOES_NOT_KNOW_THE_AUDIT = noClasses()
            .that()
            .resideInAPackage("dev.roster.query..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.audit..");

    @ArchTest
    static final ArchRule USER_KNOWS_THE_JDK_ALONE = classes()
            .that()
            .resideInAPackage("dev.roster.user..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("dev.roster.user..", "dev.roster.refusal..", "java..", "org.jspecify..");

    @ArchTest
    static final ArchRule HTTP_KNOWS_NO_ROOM_BUT_USER = noClasses()
            .that()
            .resideInAPackage("dev.roster.http..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.roster..")
                    .and(resideInAnyPackage(
                                    "dev.roster.http..",
                                    "dev.roster.id..",
                                    "dev.roster.user..",
                                    "dev.roster.refusal..",
                                    "dev.roster.database..")
                            .negate()));

    @ArchTest
    static final ArchRule ONLY_THE_APPLICATION_SEES_ALL = noClasses()
            .that()
            .resideInAPackage("dev.roster.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster");

    @ArchTest
    static final ArchRule NO_ROOM_KNOWS_THE_SHELL = noClasses()
            .that()
            .resideInAPackage("dev.roster.*..")
            .and()
            .resideOutsideOfPackage("dev.roster.shell..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.roster.shell..");

    @ArchTest
    static final ArchRule ROOMS_DO_NOT_GO_IN_CIRCLES =
            slices().matching("dev.roster.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule METRICS_KNOWS_NO_OTHER_ROOM = noClasses()
            .that()
            .resideInAPackage("dev.roster.metrics..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.roster..").and(not(resideInAPackage("dev.roster.metrics.."))));

    @ArchTest
    static final ArchRule ROOMS_MAKE_METRICS_AND_ONLY_THE_METRICS_ROOM_EXPORTS_THEM = noClasses()
            .that()
            .resideOutsideOfPackage("dev.roster.metrics..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.prometheus..")
                    .and(not(resideInAnyPackage(
                            "io.prometheus.metrics.core..", "io.prometheus.metrics.model.registry.."))));

    @ArchTest
    static final ArchRule HTTP_KEEPS_THE_LIBRARY_OF_TRACES = noClasses()
            .that()
            .resideOutsideOfPackage("dev.roster.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule TOKENS_KEEP_THEIR_LIBRARIES = noClasses()
            .that()
            .resideOutsideOfPackage("dev.roster.token..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jose4j..");

    /** Of users, by what is told of each change, and nobody else: a cache that nobody empties shows what is over. */
    @ArchTest
    static final ArchRule WHAT_IS_REMEMBERED_IS_TOKENS_LIMITS_AND_USERS = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.roster.token..", "dev.roster.revocation..", "dev.roster.limit..", "dev.roster.query.cache..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.benmanes.caffeine..");

    @ArchTest
    static final ArchRule PASSWORDS_KEEP_THEIR_LIBRARIES = noClasses()
            .that()
            .resideOutsideOfPackage("dev.roster.password..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mindrot..", "com.nulabinc..");

    /** Else each connection would read its annotations anew: see SqlObjects. */
    @ArchTest
    static void whatSqlStandsInIsPrepared(JavaClasses classes) {
        assertThat(classes.stream().filter(RoomsTest::isSqlObject).map(JavaClass::reflect))
                .containsExactlyInAnyOrderElementsOf(SqlObjects.ALL);
    }

    private static boolean isSqlObject(JavaClass type) {
        return type.getMethods().stream().anyMatch(method -> method.isMetaAnnotatedWith(UseExtensionHandler.class));
    }

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
}
