package dev.roster.docs;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.TestTokens;
import dev.roster.support.contract.Call;
import dev.roster.support.contract.Caller;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.OpenApi.Operation;
import java.util.Map;
import java.util.UUID;

/** A logged-in user. */
record UserCaller(Api api, TestUser user, TestSession session, String key) implements Caller {
    static UserCaller of(RosterExtension service) {
        Api api = service.api();
        TestUser user = api.newUser();
        return new UserCaller(
                api, user, api.newSession(user), TestKeys.make(service.jdbi(), Scope.INTROSPECT, Scope.REVOCATIONS));
    }

    @Override
    public Call call(Operation operation) {
        Call call = Call.of(operation, api)
                .forUser(user.id())
                .forSession(UUID.fromString(
                        TestTokens.read(user.token()).path("sid").asText()))
                .withToken(user.token());
        return switch (operation.id()) {
            case "register" -> call.withBody(Api.newBody(Api.newEmail()));
            case "logIn" -> call.withBody(Map.of("email", user.email(), "password", Api.PASSWORD));
            case "refresh" -> call.withBody(Map.of("refresh_token", session.refreshToken()));
            case "updateUser", "updateMe" -> call.withBody(Map.of("name", "B"));
            case "introspect", "revoke" -> call.withToken(key).withForm("token=" + session.accessToken());
            case "streamRevocations" -> call.withToken(key);
            default -> call;
        };
    }
}
