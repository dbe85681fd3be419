package dev.roster.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.command.login.LogIn;
import dev.roster.command.refresh.RefreshSession;
import dev.roster.command.registration.RegisterUser;
import dev.roster.command.user.UserChanges;
import dev.roster.http.problem.BodyException;
import dev.roster.refusal.RefusedException;
import dev.roster.support.Chance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** L7: any body is read or refused; no other exception is thrown. The profile fuzz runs this too. */
public class JsonBodyFuzzTest {
    private static final List<Class<? extends Record>> TYPES =
            List.of(RegisterUser.class, LogIn.class, RefreshSession.class, UserChanges.class);

    @Test
    void anyBodyIsReadOrRefused() {
        Chance.tryAll(
                List.of(
                        "{\"name\":\"A\",\"email\":\"a@example.com\",\"role\":\"user\","
                                + "\"password\":\"Correct-Horse-9\"}",
                        "{\"email\":\"a@example.com\",\"password\":\"Correct-Horse-9\"}",
                        "{\"refresh_token\":\"AZq28P__-_\"}",
                        "{\"password\":\"Correct-Horse-8\",\"current_password\":\"Correct-Horse-9\"}",
                        "{\"profile\":{\"a\":{\"b\":[null,1.50e-3,{\"c~/\":\"\\u0000\"}]}}}",
                        "{\"name\":\"\\ud83d\\ude00\",\"email\":[1,2.5e9,null,{\"a\":true}]}"),
                JsonBodyFuzzTest::fuzzerTestOneInput);
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] body) {
        for (Class<? extends Record> type : TYPES) {
            try {
                assertThat(Bodies.read(type, body)).isInstanceOf(type);
            } catch (BodyException | RefusedException e) {
                assertThat(e.getMessage()).doesNotContain("fasterxml");
            }
        }
    }
}
