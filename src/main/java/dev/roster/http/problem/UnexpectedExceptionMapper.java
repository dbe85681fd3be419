package dev.roster.http.problem;

import dev.roster.database.DatabaseFailures;
import dev.roster.database.primary.UnknownOutcomeException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers all other exceptions: 503 if the database does not answer, too many requests wait for it, or nobody knows if
 * a commit was done; 408 if the body stops arriving, 400 if it breaks off or is badly framed, otherwise 500. The client
 * gets the request id of a 500; the log gets the exception.
 */
public final class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedExceptionMapper.class);

    private static final String INTERNAL = "An unexpected error occurred. Quote this request_id when you report it.";

    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(Throwable exception) {
        if (DatabaseFailures.isBusy(exception)) { // not logged: a flood would fill the log
            return Problems.answer(request, ProblemType.UNAVAILABLE, "Too many requests are waiting for the database.")
                    .build();
        }
        if (exception instanceof UnknownOutcomeException) {
            LOGGER.warn("The outcome of a commit is unknown: {}", DatabaseFailures.reason(exception));
            return Problems.answer(request, ProblemType.UNAVAILABLE, String.valueOf(exception.getMessage()))
                    .build();
        }
        if (DatabaseFailures.isUnavailable(exception)) {
            LOGGER.warn("The database does not answer: {}", DatabaseFailures.reason(exception));
            return Problems.answer(request, ProblemType.UNAVAILABLE, "The database does not answer.")
                    .build();
        }
        if (exception instanceof IOException && exception.getCause() instanceof TimeoutException) {
            return Problems.timeout(request).build();
        }
        if (isBadBody(exception)) {
            return Problems.answer(request, ProblemType.MALFORMED, "The body is incomplete or badly framed.")
                    .build();
        }
        LOGGER.error("Unexpected failure", exception);
        return Problems.answer(request, ProblemType.INTERNAL, INTERNAL).build();
    }

    private static boolean isBadBody(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException http && http.getCode() < 500) {
                return true;
            }
        }
        return exception instanceof EOFException;
    }
}
