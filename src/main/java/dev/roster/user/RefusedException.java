package dev.roster.user;

import java.util.List;

/** The service says no, for a reason that the client may know. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final InvalidMember[] invalidMembers; // an exception is serializable, and a List need not be

    /** @param detail one sentence for the client */
    public RefusedException(Refusal refusal, String detail) {
        this(refusal, detail, List.of());
    }

    private RefusedException(Refusal refusal, String detail, List<InvalidMember> invalidMembers) {
        super(detail, null, false, false); // an answer, not a fault: a stack trace would tell nobody anything
        this.refusal = refusal;
        this.invalidMembers = invalidMembers.toArray(InvalidMember[]::new);
    }

    /** A request of which these members are not valid. */
    public static RefusedException invalid(List<InvalidMember> members) {
        String detail = members.size() == 1 ? "1 member is not valid" : members.size() + " members are not valid";
        return new RefusedException(Refusal.INVALID, detail, members);
    }

    /** A request of which one member is not valid. */
    public static RefusedException invalid(String field, String message) {
        return invalid(List.of(new InvalidMember(field, message)));
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
}
