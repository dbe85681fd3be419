package dev.roster.http;

import dev.roster.http.trace.RequestContext;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/** Answers requests whose result comes later. Meanwhile they occupy no thread. */
public final class LaterAnswer {
    private LaterAnswer() {}

    /**
     * Answers with the result, or with the problem of its exception: at once if it is known, otherwise on a thread of
     * the server.
     *
     * @param response as given to the resource method
     */
    public static void send(HttpServletRequest request, AsyncResponse response, CompletableFuture<?> result) {
        if (result.isDone()) {
            resume(response, result);
            return;
        }
        AsyncContext servlet = request.getAsyncContext();
        RequestContext context = RequestContext.current();
        Future<?> unused =
                result.whenComplete((value, failure) -> servlet.start(context.wrap(() -> resume(response, result))));
    }

    private static void resume(AsyncResponse response, CompletableFuture<?> result) {
        Throwable failure = result.handle((value, thrown) -> thrown).join();
        boolean unused = failure == null ? response.resume(result.join()) : response.resume(cause(failure));
    }

    /** What a stage threw. Each dependent stage wraps it again. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
