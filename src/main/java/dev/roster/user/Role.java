package dev.roster.user;

/** The name of a role that a caller may take; made by {@link Roles#parse}. */
public record Role(String value) {
    /** What a user is where nothing else is said. */
    public static final Role DEFAULT = new Role("user");
}
