package dev.roster.http.body;

import dev.roster.password.CommonPasswords;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordPolicy;
import dev.roster.profile.MergePatch;
import dev.roster.profile.ObjectRules;
import dev.roster.profile.ProfileChange;
import dev.roster.user.ChosenRole;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import io.dropwizard.jersey.validation.Validators;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** Reads bodies as the service does, without starting it. */
final class Bodies {
    private static final CommonPasswords COMMON_PASSWORDS = CommonPasswords.load(8);
    private static final ObjectRules PROFILE = new ObjectRules("profile");
    private static final JsonBodyReader READER = new JsonBodyReader(
            new BodyModule()
                    .add(PersonName.class, PersonName::new, new PersonName("x"))
                    .add(EmailAddress.class, EmailAddress::new, new EmailAddress("x@example.com"))
                    .add(Role.class, new Roles(Set.of("user", "admin"), Set.of("user"))::parse, Role.DEFAULT)
                    .add(
                            ChosenRole.class,
                            new Roles(Set.of("user", "admin"), Set.of("user"))::choose,
                            new ChosenRole(Role.DEFAULT, true))
                    .add(UUID.class, UUID::fromString, new UUID(0, 0))
                    .add(Instant.class, Instant::parse, Instant.EPOCH)
                    .addObject(
                            ProfileChange.class,
                            text -> new ProfileChange(new MergePatch(PROFILE, text)),
                            new ProfileChange(new MergePatch(PROFILE, "{}")))
                    .add(Password.class, Password::new, new Password(""))
                    .add(
                            NewPassword.class,
                            new PasswordPolicy(8, () -> COMMON_PASSWORDS)::parse,
                            new NewPassword(new Password(""))),
            Validators.newValidator());

    private Bodies() {}

    @SuppressWarnings("unchecked") // as Jersey calls it
    static <T extends Record> T read(Class<T> type, byte[] body) {
        try {
            return type.cast(READER.readFrom(
                    (Class<Record>) (Class<?>) type,
                    type,
                    new Annotation[0],
                    MediaType.APPLICATION_JSON_TYPE,
                    new MultivaluedHashMap<>(),
                    new ByteArrayInputStream(body)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
