package dev.roster.admin;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * The {@code admin} section of the configuration.
 *
 * @param reasons whether each write needs a reason: {@code required} or {@code optional}
 */
public record AdminConfiguration(
        @NotNull @Pattern(regexp = "required|optional", message = "(ADMIN_REASONS) must be required or optional")
        String reasons) {

    boolean areReasonsRequired() {
        return reasons.equals("required");
    }
}
