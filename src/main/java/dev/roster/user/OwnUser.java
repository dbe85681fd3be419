package dev.roster.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * A user as the person sees it.
 *
 * @param pendingEmail the address that the person wants to have, and has not proven yet; not shown if null
 */
public record OwnUser(
        @JsonUnwrapped User user,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String pendingEmail) {}
