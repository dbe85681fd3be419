package dev.roster.command.session;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.roster.user.User;

/** The answer to a login: the tokens of the session that it opened, and who has logged in. */
public record LoggedIn(@JsonUnwrapped TokenPair tokens, User user) {
    @Override
    public String toString() {
        return "LoggedIn[user=" + user.id() + "]";
    }
}
