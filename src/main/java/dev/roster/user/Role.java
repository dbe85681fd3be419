package dev.roster.user;

/** The name of a role that is there; made by {@link Roles}. */
public record Role(String value) {
    /** What a user is where nothing else is said. */
    public static final Role DEFAULT = new Role("user");
}
