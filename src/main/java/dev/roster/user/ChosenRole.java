package dev.roster.user;

/**
 * A role that a user wants to have.
 *
 * @param isSelfAssignable whether users may give themselves this role
 */
public record ChosenRole(Role role, boolean isSelfAssignable) {}
