package dev.roster.refusal;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The service refuses a request, for a reason that the client is told. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final InvalidMember[] invalidMembers; // exceptions are serializable, a List need not be
    private final @Nullable ReachedLimit limit;
    private final @Nullable TokenFault tokenFault;
    private final @Nullable UUID tokenId;

    /** @param detail one sentence for the client */
    public RefusedException(Refusal refusal, String detail) {
        this(refusal, detail, List.of(), null, null, null);
    }

    private RefusedException(
            Refusal refusal,
            String detail,
            List<InvalidMember> invalidMembers,
            @Nullable ReachedLimit limit,
            @Nullable TokenFault tokenFault,
            @Nullable UUID tokenId) {
        super(detail, null, false, false); // no stack trace: a refusal is a response, not a fault
        this.refusal = refusal;
        this.invalidMembers = invalidMembers.toArray(InvalidMember[]::new);
        this.limit = limit;
        this.tokenFault = tokenFault;
        this.tokenId = tokenId;
    }

    /** Refuses a request without an access token. */
    public static RefusedException missingToken() {
        return new RefusedException(
                Refusal.UNAUTHENTICATED,
                "This request needs an access token. Send it in a header: Authorization: Bearer <token>",
                List.of(),
                null,
                TokenFault.MISSING,
                null);
    }

    /**
     * Refuses an access token.
     *
     * @param fault for the log and the metric only
     * @param tokenId its {@code jti}, for the log; null unless the service signed the token
     */
    public static RefusedException accessToken(TokenFault fault, @Nullable UUID tokenId) {
        return new RefusedException(
                Refusal.INVALID_TOKEN, "The access token is not valid.", List.of(), null, fault, tokenId);
    }

    /**
     * Refuses a refresh token.
     *
     * @param fault for the log and the metric only
     */
    public static RefusedException refreshToken(TokenFault fault) {
        return new RefusedException(
                Refusal.INVALID_TOKEN, "The refresh token is not valid.", List.of(), null, fault, null);
    }

    /**
     * Refuses a request for its API key, or because it has none. The client is not told why.
     *
     * @param fault for the log and the metric only
     */
    public static RefusedException apiKey(TokenFault fault) {
        return new RefusedException(
                Refusal.NO_API_KEY,
                "This request needs an API key. Send it in a header: Authorization: Bearer <key>",
                List.of(),
                null,
                fault,
                null);
    }

    /** Refuses a request whose body has invalid members. */
    public static RefusedException invalid(List<InvalidMember> members) {
        return invalid("member", members);
    }

    /** Refuses a request whose body has one invalid member. */
    public static RefusedException invalid(String member, Reason reason) {
        return invalid(List.of(new InvalidMember(member, reason)));
    }

    /** Refuses a request with invalid parameters. */
    public static RefusedException invalidParameters(List<InvalidMember> parameters) {
        return invalid("parameter", parameters);
    }

    /** Refuses a request with an invalid header. */
    public static RefusedException invalidHeader(String name, Reason reason) {
        return invalidHeaders(List.of(new InvalidMember(name, reason)));
    }

    /** Refuses a request with invalid headers. */
    public static RefusedException invalidHeaders(List<InvalidMember> headers) {
        return invalid("header", headers);
    }

    private static RefusedException invalid(String kind, List<InvalidMember> values) {
        String detail =
                values.size() == 1 ? "1 " + kind + " is not valid" : values.size() + " " + kind + "s are not valid";
        return new RefusedException(Refusal.INVALID, detail, values, null, null, null);
    }

    /** Refuses a request that exceeds a limit. */
    public static RefusedException tooMany(ReachedLimit limit) {
        return new RefusedException(
                Refusal.TOO_MANY_REQUESTS,
                "Too many attempts. Try again in " + limit.retryAfterSeconds() + " s.",
                List.of(),
                limit,
                null,
                null);
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

    /** Why a token was refused; null if another reason refused the request. Never tell the client. */
    public @Nullable TokenFault tokenFault() {
        return tokenFault;
    }

    /** The {@code jti} of the refused token; null unless the service signed it. */
    public @Nullable UUID tokenId() {
        return tokenId;
    }
}
