package dev.roster.command.login;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.roster.command.session.TokenPair;
import dev.roster.user.OwnUser;

/** The answer to a login: the first tokens of the session, and the user as the person sees it. */
public record LoggedIn(@JsonUnwrapped TokenPair tokens, OwnUser user) {
    @Override
    public String toString() {
        return "LoggedIn[user=" + user.user().id() + "]";
    }
}
