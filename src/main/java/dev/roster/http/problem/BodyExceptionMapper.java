package dev.roster.http.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers a {@link BodyException} with its problem. */
public final class BodyExceptionMapper implements ExceptionMapper<BodyException> {
    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(BodyException exception) {
        return Problems.answer(request, exception.type(), exception.detail()).build();
    }
}
