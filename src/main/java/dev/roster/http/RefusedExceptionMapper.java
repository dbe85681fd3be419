package dev.roster.http;

import dev.roster.user.Refusal;
import dev.roster.user.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Gives each {@link Refusal} its problem. */
public final class RefusedExceptionMapper implements ExceptionMapper<RefusedException> {
    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(RefusedException refused) {
        return Problems.answer(request, type(refused.refusal()), refused.detail(), refused.invalidMembers())
                .build();
    }

    private static ProblemType type(Refusal refusal) {
        return switch (refusal) {
            case UNAUTHENTICATED -> ProblemType.UNAUTHENTICATED;
            case INVALID_CREDENTIALS -> ProblemType.INVALID_CREDENTIALS;
            case INVALID_TOKEN -> ProblemType.INVALID_TOKEN;
            case FORBIDDEN -> ProblemType.FORBIDDEN;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case EMAIL_TAKEN -> ProblemType.EMAIL_TAKEN;
            case VERSION_CONFLICT -> ProblemType.VERSION_CONFLICT;
            case INVALID -> ProblemType.VALIDATION;
            case UNAVAILABLE -> ProblemType.UNAVAILABLE;
        };
    }
}
