package dev.roster.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.roster.client.Operators;
import dev.roster.client.ProblemException;
import dev.roster.client.operators.api.AuditApi;
import dev.roster.client.operators.api.KeysApi;
import dev.roster.client.operators.api.UsersApi;
import dev.roster.client.operators.model.AuditEvent;
import dev.roster.client.operators.model.CreatedApiKey;
import dev.roster.client.operators.model.Disabling;
import dev.roster.client.operators.model.NewApiKey;
import dev.roster.client.operators.model.NewUser;
import dev.roster.client.operators.model.OperatorUser;
import dev.roster.client.operators.model.ProblemType;
import dev.roster.client.operators.model.Scope;
import dev.roster.client.operators.model.Status;
import dev.roster.client.operators.model.UserChanges;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The client of the operators' API in the Java package. */
class OperatorsClientIT {
    private static final String BASE_PATH = Service.ADMIN_ADDRESS + "/admin/v1";

    @Test
    void newKeyFindsDisablesEnablesAndChangesAPerson() {
        assumeFalse(Service.KEY.isEmpty(), "ROSTER_KEY is not set");
        KeysApi keys = new KeysApi(Operators.at(BASE_PATH, Service.KEY).build().apiClient());
        NewApiKey wanted =
                new NewApiKey().name("desk").scopes(List.of(Scope.USERS_READ, Scope.USERS_WRITE, Scope.AUDIT_READ));
        CreatedApiKey key = keys.createKey("For the desk", wanted, null);
        Operators operators =
                Operators.at(BASE_PATH, key.getKey()).actor("Bénédicte").build();
        UsersApi users = new UsersApi(operators.apiClient());
        String email = UUID.randomUUID() + "@operators.example";

        String reason = Operators.reason("Per Brief – Müller");
        OperatorUser created =
                users.createUser(reason, new NewUser().name("Viola").email(email), null);
        UUID id = created.getId();
        assertThat(users.listUsers(null, null, null, null, email, null, null, null, null, null, null, null)
                        .getUsers())
                .containsExactly(created);
        assertThat(users.disableUser(id, "Stolen laptop", null, new Disabling()).getStatus())
                .isEqualTo(Status.DISABLED);
        OperatorUser enabled = users.enableUser(id, "It is back", null);
        assertThat(enabled.getStatus()).isEqualTo(Status.ACTIVE);
        String tag = '"' + enabled.getVersion().toString() + '"';
        assertThat(users.updateUser(id, tag, "Married", new UserChanges().name("Viola B."), null)
                        .getName())
                .isEqualTo("Viola B.");

        List<AuditEvent> events = new AuditApi(operators.apiClient())
                .listEvents(id, null, null, null, null, null, null, null, null, null)
                .getEvents();
        assertThat(events).extracting(AuditEvent::getActor).containsOnly("Bénédicte");
        assertThat(events).last().satisfies(event -> {
            assertThat(event.getReason()).isEqualTo("Per Brief – Müller");
            assertThat(event.getKeyId()).isEqualTo(key.getId());
        });

        UserChanges late = new UserChanges().name("Viola C.");
        assertThat(typeOf(() -> users.updateUser(id, tag, "Late", late, null)))
                .isEqualTo(ProblemType.URN_ROSTER_PROBLEM_VERSION_CONFLICT.getValue());
        assertThat(typeOf(() -> users.deleteUser(id, "*", "Asked for it", null)))
                .isEqualTo(ProblemType.URN_ROSTER_PROBLEM_INSUFFICIENT_SCOPE.getValue());
        keys.revokeKey(key.getId(), "Not used any more", null);
        assertThat(typeOf(() -> users.getUser(id, null, null, null)))
                .isEqualTo(ProblemType.URN_ROSTER_PROBLEM_UNAUTHENTICATED.getValue());
    }

    private static String typeOf(ThrowingCallable call) {
        return catchThrowableOfType(ProblemException.class, call).type();
    }
}
