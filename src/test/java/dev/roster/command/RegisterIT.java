package dev.roster.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Api;
import dev.roster.support.Concurrently;
import dev.roster.support.Reply;
import dev.roster.support.RosterExtension;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegisterIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension();

    private final Api api = ROSTER.api();

    @Test
    void answersWithTheUserItsPlaceAndItsVersion() {
        Reply reply = api.register(Map.of(
                        "name", "Juliet Ross",
                        "email", "juliet.ross@gmail.com",
                        "role", "admin",
                        "password", "Kpass2000$"))
                .expect(201);

        assertThat(reply.header("Location"))
                .isEqualTo("/api/v1/users/" + reply.body().path("id").asText());
        assertThat(reply.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(reply.body().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "name", "email", "role", "created_at", "updated_at");
    }

    @Test
    void letsOneOfManyRacersHaveAnAddress() throws Exception {
        String email = Api.newEmail();

        List<Reply> replies = Concurrently.run(
                200, i -> api.register(Api.newBody(i % 2 == 0 ? email : email.toUpperCase(Locale.ROOT))));

        assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
        assertThat(replies).filteredOn(reply -> reply.status() == 409).hasSize(199);
    }
}
