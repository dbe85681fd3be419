package dev.roster.command.verification;

import java.util.UUID;

/**
 * A registration whose address nobody has proven yet.
 *
 * @param id the id of the user, if somebody proves the address
 * @param profile as JSON
 */
public record PendingRegistration(
        UUID id, String name, String email, String role, String profile, String passwordHash) {
    @Override
    public String toString() {
        return "PendingRegistration[id=" + id + "]";
    }
}
