package dev.roster.command.login;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.roster.command.session.TokenPair;
import dev.roster.user.User;

/** The answer to a login: the first tokens of the session, and the user. */
public record LoggedIn(@JsonUnwrapped TokenPair tokens, User user) {
    @Override
    public String toString() {
        return "LoggedIn[user=" + user.id() + "]";
    }
}
