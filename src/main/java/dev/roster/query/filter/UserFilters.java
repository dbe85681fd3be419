package dev.roster.query.filter;

import dev.roster.http.body.QueryParameters;
import dev.roster.profile.ProfileFilter;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.user.DisabledUsers;
import dev.roster.user.EmailAddress;
import dev.roster.user.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The users that a list shows, or a count counts: those to whom all filters apply. A filter that is null, or a range
 * without ends, applies to everybody.
 *
 * @param role the users with this role
 * @param term the users whose name or e-mail address contains it
 * @param profile the users whose profile has this value
 * @param email the user with this address, ignoring case
 * @param created the users who were created then
 * @param lastLogin the users whose last login was then
 */
public record UserFilters(
        @Nullable Role role,
        @Nullable SearchTerm term,
        @Nullable ProfileValue profile,
        @Nullable EmailAddress email,
        @Nullable UserStatus status,
        TimeRange created,
        TimeRange lastLogin) {
    /** The parameters for everybody. */
    public static final Set<String> PUBLIC = Set.of("role", "q");

    /** The parameters for operators. */
    public static final Set<String> ALL =
            Set.of("role", "q", "email", "status", "created_from", "created_to", "last_login_from", "last_login_to");

    private static final String ROLE = "role = :role";
    private static final String EMAIL = "email_key = lower(CAST(:email AS text) COLLATE \"C\")";
    private static final String FREQUENT = "(SELECT count(*) FROM (<rows> LIMIT 5001) AS few) > 5000";

    private static final String CREATED = "created";
    private static final String LAST_LOGIN = "last_login";

    /** Reads the filters. {@link QueryParameters#requireValid} then tells which are invalid. */
    public static UserFilters of(QueryParameters parameters, Filters filters) {
        return new UserFilters(
                parameters.get("role", filters.roles()::parseAny),
                parameters.get("q", SearchTerm::new),
                profile(parameters, filters),
                parameters.get("email", EmailAddress::new),
                parameters.get("status", UserStatus::parse),
                new TimeRange(
                        parameters.get("created_from", TimeRange::parse),
                        parameters.get("created_to", TimeRange::parse)),
                new TimeRange(
                        parameters.get("last_login_from", TimeRange::parse),
                        parameters.get("last_login_to", TimeRange::parse)));
    }

    private static @Nullable ProfileValue profile(QueryParameters parameters, Filters filters) {
        ProfileValue found = null;
        for (ProfileFilter filter : filters.profile()) {
            boolean isFirst = found == null;
            ProfileValue value = parameters.get(filter.parameter(), text -> {
                if (!isFirst) {
                    throw new InvalidValueException(ErrorCode.REPEATED, "must be the only member of profile");
                }
                return new ProfileValue(filter, text);
            });
            found = value == null ? found : value;
        }
        return found;
    }

    /** A text that no other filters have. No part contains a line feed. */
    public String identity() {
        String ofEverybody = (role == null ? "" : role.value()) + "\n" + (term == null ? "" : term.text())
                + (profile == null ? "" : "\n" + profile.identity());
        return email == null && status == null && created.isEmpty() && lastLogin.isEmpty()
                ? ofEverybody
                : String.join(
                        "\n",
                        ofEverybody,
                        email == null ? "" : email.value().toLowerCase(Locale.ROOT),
                        status == null ? "" : status.id(),
                        created.identity(),
                        lastLogin.identity());
    }

    /** Whether these filters are those of one user at most. */
    public boolean isOfOneUser() {
        return email != null;
    }

    /**
     * The conditions on a row of {@code users} that an index in the order of the list decides.
     *
     * @param isByCreation whether that is the order of creation
     */
    public List<String> indexed(boolean isByCreation) {
        List<String> conditions = new ArrayList<>();
        if (status == UserStatus.DISABLED) {
            conditions.add(DisabledUsers.WAS_DISABLED);
        } else {
            conditions.addAll(valued());
        }
        if (isByCreation) {
            conditions.addAll(created.on("created_at", CREATED));
        }
        return conditions;
    }

    /** The other conditions, on a row that was read by such an index, and is named {@code scanned}. */
    public List<String> scanned(boolean isByCreation) {
        List<String> conditions = new ArrayList<>();
        if (term != null) {
            conditions.add(SearchTerm.SCANNED);
        }
        if (status == UserStatus.DISABLED) {
            conditions.add(DisabledUsers.IS_STILL_DISABLED);
            conditions.addAll(valued());
        }
        if (status == UserStatus.ACTIVE) {
            conditions.add(DisabledUsers.IS_ACTIVE);
        }
        if (!isByCreation) {
            conditions.addAll(created.on("created_at", CREATED));
        }
        if (!lastLogin.isEmpty()) {
            conditions.add("(SELECT " + lastLoginConditions() + " FROM last_logins WHERE user_id = scanned.id)");
        }
        return conditions;
    }

    /**
     * Conditions that hold if many users are in the ranges. Otherwise scanning the list would not help: a time of a
     * range has to be looked up for each scanned user. Counting 5,001 entries of an index takes less time.
     */
    public List<String> frequent(boolean isByCreation) {
        List<String> conditions = new ArrayList<>();
        String loggedIn = loggedIn();
        if (loggedIn != null) {
            conditions.add(FREQUENT.replace("<rows>", loggedIn));
        }
        if (!isByCreation && !created.isEmpty()) {
            String range = String.join(" AND ", created.on("created_at", CREATED));
            conditions.add(FREQUENT.replace("<rows>", "SELECT FROM users WHERE " + range));
        }
        return conditions;
    }

    /** All conditions on a row of {@code users}. */
    public List<String> all() {
        List<String> conditions = new ArrayList<>();
        if (email != null) {
            conditions.add(EMAIL);
        }
        conditions.addAll(valued());
        if (status == UserStatus.DISABLED) {
            conditions.add(DisabledUsers.WAS_DISABLED);
            conditions.add(DisabledUsers.IS_STILL_DISABLED);
        }
        if (status == UserStatus.ACTIVE) {
            conditions.add(DisabledUsers.IS_ACTIVE_BY_INDEX); // few users may be active
        }
        conditions.addAll(created.on("created_at", CREATED));
        if (term != null) {
            conditions.add(term.condition());
        }
        if (!lastLogin.isEmpty()) {
            conditions.add("id IN (" + loggedIn() + ")");
        }
        return conditions;
    }

    /** The conditions for whose values a list has indexes of its own, one for each order. */
    private List<String> valued() {
        List<String> conditions = new ArrayList<>();
        if (role != null) {
            conditions.add(ROLE);
        }
        if (profile != null) {
            conditions.add(profile.filter().expression() + " = :profile");
        }
        return conditions;
    }

    /** Selects the {@code user_id} of everybody whose last login the filters allow; null if they allow any. */
    public @Nullable String loggedIn() {
        return lastLogin.isEmpty() ? null : "SELECT user_id FROM last_logins WHERE " + lastLoginConditions();
    }

    private String lastLoginConditions() {
        return String.join(" AND ", lastLogin.on("last_login_at", LAST_LOGIN));
    }

    /** Binds the values of the conditions. */
    public void bind(SqlStatement<?> statement) {
        if (role != null) {
            statement.bind("role", role.value());
        }
        if (term != null) {
            statement.bind("term", term.text());
        }
        if (profile != null) {
            statement.bind("profile", profile.value());
        }
        if (email != null) {
            statement.bind("email", email.value());
        }
        created.bind(statement, CREATED);
        lastLogin.bind(statement, LAST_LOGIN);
    }
}
