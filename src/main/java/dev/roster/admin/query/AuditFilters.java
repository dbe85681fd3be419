package dev.roster.admin.query;

import dev.roster.audit.AuditEvent;
import dev.roster.http.body.QueryParameters;
import dev.roster.id.Ids;
import dev.roster.query.filter.FilterText;
import dev.roster.query.filter.TimeRange;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The events that a list shows: those to which all filters apply. A filter that is null applies to every event.
 *
 * @param target the user to whom it was done
 * @param actor who did it: the id of a user, or the text of {@code Roster-Actor}
 * @param key the API key with which it was done
 * @param time when it was done
 * @param requestId the request in which it was done
 */
record AuditFilters(
        @Nullable UUID target,
        @Nullable String actor,
        @Nullable String key,
        @Nullable String type,
        TimeRange time,
        @Nullable String requestId) {
    static final Set<String> PARAMETERS = Set.of("target", "actor", "key", "type", "from", "to", "request_id");

    private static final List<String> TYPES = Arrays.stream(AuditEvent.Type.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .toList();
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{12}");
    private static final int MAX_TEXT = 64;

    static AuditFilters of(QueryParameters parameters) {
        return new AuditFilters(
                parameters.get("target", AuditFilters::id),
                parameters.get("actor", AuditFilters::text),
                parameters.get("key", AuditFilters::key),
                parameters.get("type", AuditFilters::type),
                new TimeRange(parameters.get("from", TimeRange::parse), parameters.get("to", TimeRange::parse)),
                parameters.get("request_id", AuditFilters::text));
    }

    /** A text that differs from that of all other filters, because no part contains a line feed. */
    String identity() {
        return String.join(
                "\n",
                "audit",
                target == null ? "" : target.toString(),
                actor == null ? "" : actor,
                key == null ? "" : key,
                type == null ? "" : type,
                time.identity(),
                requestId == null ? "" : requestId);
    }

    /** The actor, if it is a user. */
    @Nullable
    UUID actorId() {
        return actor == null ? null : Ids.parse(actor).orElse(null);
    }

    private static UUID id(String text) {
        return Ids.parse(text)
                .orElseThrow(() -> new InvalidValueException(ErrorCode.MALFORMED, "must be the id of a user"));
    }

    private static String key(String text) {
        if (!KEY.matcher(text).matches()) {
            throw new InvalidValueException(ErrorCode.MALFORMED, "must be the id of a key");
        }
        return text;
    }

    private static String type(String text) {
        if (!TYPES.contains(text)) {
            throw new InvalidValueException(Reason.notAllowed(TYPES));
        }
        return text;
    }

    private static String text(String text) {
        return FilterText.of(text, MAX_TEXT);
    }
}
