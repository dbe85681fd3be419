package dev.roster.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.session.LogIn;
import dev.roster.command.session.RefreshSession;
import dev.roster.command.user.RegisterUser;
import dev.roster.command.user.UserChanges;
import dev.roster.password.CommonPasswords;
import dev.roster.password.NewPassword;
import dev.roster.password.Password;
import dev.roster.password.PasswordPolicy;
import dev.roster.refusal.RefusedException;
import dev.roster.support.Chance;
import dev.roster.user.EmailAddress;
import dev.roster.user.PersonName;
import dev.roster.user.Role;
import dev.roster.user.Roles;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** L7: whatever a body holds, the reader makes a request of it or refuses it. Also a target of the profile fuzz. */
public class JsonBodyFuzzTest {
    private static final CommonPasswords COMMON_PASSWORDS = CommonPasswords.load(8);
    private static final JsonBodyReader READER = new JsonBodyReader(Map.of(
            String.class, Function.identity(),
            PersonName.class, PersonName::new,
            EmailAddress.class, EmailAddress::new,
            Role.class, new Roles(Set.of("user", "admin"), Set.of("user"))::parse,
            Password.class, Password::new,
            NewPassword.class, new PasswordPolicy(8, () -> COMMON_PASSWORDS)::parse));

    private static final List<Class<? extends JsonBody>> TYPES =
            List.of(RegisterUser.class, LogIn.class, RefreshSession.class, UserChanges.class);

    @Test
    void readsOrRefuses() {
        Chance.tryAll(
                List.of(
                        "{\"name\":\"A\",\"email\":\"a@example.com\",\"role\":\"user\",\"password\":\"Correct-Horse-9\"}",
                        "{\"email\":\"a@example.com\",\"password\":\"Correct-Horse-9\"}",
                        "{\"refresh_token\":\"AZq28P__-_\"}",
                        "{\"password\":\"Correct-Horse-8\",\"current_password\":\"Correct-Horse-9\"}",
                        "{\"name\":\"\\ud83d\\ude00\",\"email\":[1,2.5e9,null,{\"a\":true}]}"),
                JsonBodyFuzzTest::fuzzerTestOneInput);
    }

    /** What Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] body) {
        for (Class<? extends JsonBody> type : TYPES) {
            try {
                assertThat(read(type, body)).isInstanceOf(type);
            } catch (BodyException | RefusedException e) {
                assertThat(e.getMessage()).doesNotContain("fasterxml");
            }
        }
    }

    @SuppressWarnings("unchecked") // as Jersey calls it
    private static JsonBody read(Class<? extends JsonBody> type, byte[] body) {
        try {
            return READER.readFrom(
                    (Class<JsonBody>) type,
                    type,
                    new Annotation[0],
                    MediaType.APPLICATION_JSON_TYPE,
                    new MultivaluedHashMap<>(),
                    new ByteArrayInputStream(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
