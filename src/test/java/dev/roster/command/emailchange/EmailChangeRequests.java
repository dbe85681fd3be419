package dev.roster.command.emailchange;

import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.Reply;
import java.util.Map;

/** The requests of a change of an address. */
record EmailChangeRequests(Api api) {
    Reply change(TestUser user, String email) {
        return api.put("/users/me", user.token(), Map.of("email", email, "current_password", Api.PASSWORD));
    }

    /** The change of a thief, who has no more than the access token. */
    Reply changeWithoutPassword(TestUser user, String email) {
        return api.put("/users/me", user.token(), Map.of("email", email));
    }

    Reply confirm(String token) {
        return api.post("/auth/email-change/confirm", Map.of("token", token));
    }

    Reply revert(String token) {
        return api.post("/auth/email-change/revert", Map.of("token", token));
    }
}
