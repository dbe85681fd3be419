package dev.roster.user;

/** The name of a known role, as checked by {@link Roles}. */
public record Role(String value) {
    /** The role of a user who is created without one. */
    public static final Role DEFAULT = new Role("user");
}
