package dev.roster.http.problem;

import dev.roster.database.DatabaseFailures;
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
 * The last resort. A database that does not answer is 503, a body that breaks off or is broken is 400, one that stops
 * coming 408; anything else is our fault: 500, of which the client learns its id and the log the rest.
 */
public final class UnexpectedExceptionMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedExceptionMapper.class);

    @Context
    private HttpServletRequest request;

    @Override
    public Response toResponse(Throwable exception) {
        if (DatabaseFailures.isUnavailable(exception)) {
            LOGGER.warn("The database does not answer: {}", DatabaseFailures.reason(exception));
            return Problems.answer(request, ProblemType.UNAVAILABLE, "The database does not answer.")
                    .build();
        }
        if (exception instanceof IOException && exception.getCause() instanceof TimeoutException) {
            return Problems.timeout(request).build();
        }
        if (isBadBody(exception)) {
            return Problems.answer(request, ProblemType.MALFORMED, "The body breaks off or is not well framed.")
                    .build();
        }
        LOGGER.error("Unexpected failure", exception);
        return Problems.answer(request, ProblemType.INTERNAL, "The log has more under this request_id.")
                .build();
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
