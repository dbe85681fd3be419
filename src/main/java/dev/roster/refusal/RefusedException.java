package dev.roster.refusal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The service refuses a request, for a reason that the client is told. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final InvalidMember[] invalidMembers; // exceptions are serializable, a List need not be
    private final @Nullable ReachedLimit limit;

    /** @param detail one sentence for the client */
    public RefusedException(Refusal refusal, String detail) {
        this(refusal, detail, List.of(), null);
    }

    private RefusedException(
            Refusal refusal, String detail, List<InvalidMember> invalidMembers, @Nullable ReachedLimit limit) {
        super(detail, null, false, false); // no stack trace: a refusal is a response, not a fault
        this.refusal = refusal;
        this.invalidMembers = invalidMembers.toArray(InvalidMember[]::new);
        this.limit = limit;
    }

    /** Refuses a request with invalid members. */
    public static RefusedException invalid(List<InvalidMember> members) {
        String detail = members.size() == 1 ? "1 member is not valid" : members.size() + " members are not valid";
        return new RefusedException(Refusal.INVALID, detail, members, null);
    }

    /** Refuses a request with one invalid member. */
    public static RefusedException invalid(String field, String message) {
        return invalid(List.of(new InvalidMember(field, message)));
    }

    /** Refuses a request that exceeds a limit. */
    public static RefusedException tooMany(ReachedLimit limit) {
        return new RefusedException(
                Refusal.TOO_MANY_REQUESTS,
                "Too many attempts. Try again in " + limit.retryAfterSeconds() + " s.",
                List.of(),
                limit);
    }

    public Refusal refusal() {
        return refusal;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<InvalidMember> invalidMembers() {
        return List.of(invalidMembers);
    }

    /** The limit that was reached, for {@code TOO_MANY_REQUESTS}; otherwise null. */
    public @Nullable ReachedLimit limit() {
        return limit;
    }
}
