package dev.roster.command.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.support.Concurrently;
import dev.roster.support.RosterExtension;
import dev.roster.support.http.Api;
import dev.roster.support.http.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mindrot.jbcrypt.BCrypt;

class RehashIT {
    @RegisterExtension
    static final RosterExtension ROSTER = new RosterExtension().with("BCRYPT_COST", "6");

    private final Api api = ROSTER.api();

    /** B3 */
    @Test
    void concurrentLoginsSucceedAfterTheCostIsRaised() throws Exception {
        Api.TestUser user = api.newUser();
        ROSTER.jdbi()
                .useHandle(handle -> handle.execute(
                        "UPDATE users SET password_hash = ? WHERE id = ?",
                        BCrypt.hashpw(Api.PASSWORD, BCrypt.gensalt(4)),
                        user.id()));

        List<Reply> replies = Concurrently.run(20, i -> api.login(user.email(), Api.PASSWORD));

        assertThat(replies).extracting(Reply::status).containsOnly(200);
        String hash = ROSTER.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT password_hash FROM users WHERE id = :id")
                        .bind("id", user.id())
                        .mapTo(String.class)
                        .one());
        assertThat(hash).startsWith("$2a$06$");
    }
}
