package dev.roster.docs;

import dev.roster.apikey.Scope;
import dev.roster.support.RosterExtension;
import dev.roster.support.TestKeys;
import dev.roster.support.contract.Call;
import dev.roster.support.contract.Caller;
import dev.roster.support.http.AdminApi;
import dev.roster.support.http.Api;
import dev.roster.support.http.Api.TestSession;
import dev.roster.support.http.Api.TestUser;
import dev.roster.support.http.OpenApi.Operation;
import java.util.List;
import java.util.Map;

/** An operator, and whom and what they act on. */
final class OperatorCaller implements Caller {
    private final Api api;
    private final String key;
    private final String otherKey;
    private final TestUser user;
    private final TestSession session;

    OperatorCaller(RosterExtension service) {
        this.api = new Api(service.admin());
        this.key = TestKeys.makeForAll(service.jdbi());
        this.otherKey = TestKeys.make(service.jdbi(), Scope.INTROSPECT);
        this.user = service.api().newUser();
        this.session = service.api().newSession(user);
    }

    @Override
    public Call call(Operation operation) {
        Call call = Call.of(operation, api)
                .forUser(user.id())
                .forSession(session.id())
                .withToken(key);
        call = call.at(call.path().replace("/keys/{id}", "/keys/" + TestKeys.id(otherKey)));
        if (!operation.method().equals("GET")) {
            call = call.with("Roster-Reason", AdminApi.REASON);
        }
        return switch (operation.id()) {
            case "createUser" -> call.withBody(Api.newBody(Api.newEmail()));
            case "updateUser" -> call.with("If-Match", "*").withBody(Map.of("name", "B"));
            case "deleteUser" -> call.with("If-Match", "*");
            case "disableUser" -> call.withBody(Map.of("until", "2999-01-01T00:00:00Z"));
            case "rotateSigningKey" -> call.withBody(Map.of("now", true));
            case "createKey" -> call.withBody(Map.of("name", "desk", "scopes", List.of("keys")));
            default -> call;
        };
    }
}
