package dev.roster.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolesTest {
    private final Roles roles = new Roles(Set.of("user", "admin", "auditor"), Set.of("user"));

    @Test
    void selfAssignableRoleIsAccepted() {
        assertThat(roles.parse("user")).isEqualTo(Role.DEFAULT);
    }

    @Test
    void roleThatIsNotSelfAssignableIsForbidden() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> roles.parse("admin"))
                .returns(Refusal.FORBIDDEN, RefusedException::refusal);
    }

    @Test
    void onlyKnownRolesThatAreNotSelfAssignableAreGranted() {
        assertThat(List.of("admin", "auditor")).allMatch(roles::isGranted);
        assertThat(List.of("user", "king", "")).noneMatch(roles::isGranted);
    }

    @Test
    void messageForAnUnknownRoleListsTheRolesInOrder() {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> roles.parse("king"))
                .withMessage("must be one of: admin, auditor, user");
    }
}
