package dev.roster;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.roster.key.Secret;
import dev.roster.key.SecretKey;
import dev.roster.password.Password;
import dev.roster.profile.ObjectRules;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** L3: {@code toString} reveals no secret, so messages, log lines and exceptions cannot either. */
class ToStringTest {
    private static final String CANARY = "Canary-9vKq3LzPpW7cYtXr1nUeHsBd5GmJ0aFf";

    /** Matches the names of components whose text is a secret or is derived from one. */
    private static final Pattern SECRET =
            Pattern.compile("hash|salt|secret|password|token|compact|signature", Pattern.CASE_INSENSITIVE);

    static Stream<Class<?>> recordsWithASecret() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.roster").stream()
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(Class::isRecord)
                        .filter(ToStringTest::hasSecret);
    }

    private static boolean hasSecret(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .anyMatch(component ->
                        isSecret(component) || (component.getType().isRecord() && hasSecret(component.getType())));
    }

    private static boolean isSecret(RecordComponent component) {
        return List.of(Password.class, Secret.class, SecretKey.class).contains(component.getType())
                || (component.getType() == String.class
                        && SECRET.matcher(component.getName()).find());
    }

    @ParameterizedTest
    @MethodSource("recordsWithASecret")
    void recordsHideTheirSecrets(Class<?> type) throws ReflectiveOperationException {
        assertThat(create(type).toString()).doesNotContain(CANARY);
    }

    static Stream<Object> secrets() {
        return Stream.of(new Password(CANARY), new Secret(CANARY), new SecretKey(CANARY));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void secretTypesHideTheirValue(Object secret) {
        assertThat(secret.toString()).doesNotContain(CANARY);
    }

    /** Creates a record in which every secret is the canary. */
    private static Object create(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i]);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static @Nullable Object value(RecordComponent component) throws ReflectiveOperationException {
        Class<?> type = component.getType();
        if (type == String.class) {
            return isSecret(component) ? CANARY : "x@example.com"; // valid as any other text
        }
        if (isSecret(component)) {
            return type.getConstructor(String.class).newInstance(CANARY);
        }
        if (type == UUID.class) {
            return new UUID(0, 0);
        }
        if (type == ObjectRules.class) {
            return new ObjectRules("profile");
        }
        if (type == Instant.class) {
            return Instant.EPOCH;
        }
        if (type.isPrimitive()) {
            return Array.get(Array.newInstance(type, 1), 0);
        }
        return type.isRecord() ? create(type) : null;
    }
}
