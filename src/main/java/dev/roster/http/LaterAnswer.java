package dev.roster.http;

import dev.roster.http.connection.BufferingHandler;
import dev.roster.http.trace.RequestContext;
import dev.roster.refusal.Refusal;
import dev.roster.refusal.RefusedException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Answers requests whose result comes later. Meanwhile they occupy no thread. */
public final class LaterAnswer {
    private LaterAnswer() {}

    /**
     * Answers with the result, or with the problem of its exception: at once if it is known, otherwise on a thread of
     * the server. A result that comes too late for an answer is {@code UNAVAILABLE}.
     *
     * @param response as given to the resource method
     */
    public static void send(HttpServletRequest request, AsyncResponse response, CompletableFuture<?> result) {
        if (result.isDone()) {
            resume(response, result);
            return;
        }
        RequestContext context = RequestContext.current();
        limit(response, BufferingHandler.deadline(request), context);
        AsyncContext servlet = request.getAsyncContext();
        Runnable answer = context.wrap(() -> resume(response, result));
        Future<?> unused = result.whenComplete((value, failure) -> {
            if (!response.isDone()) {
                start(servlet, answer);
            }
        });
    }

    private static void start(AsyncContext servlet, Runnable answer) {
        try {
            servlet.start(answer);
        } catch (RejectedExecutionException e) { // the server takes no more work, because it is stopping
            answer.run();
        }
    }

    private static void limit(AsyncResponse response, long deadline, RequestContext context) {
        response.setTimeoutHandler(late -> context.wrap(() -> {
                    boolean unused = late.resume(tooLate());
                })
                .run());
        long nanos = Math.max(1, deadline - System.nanoTime()); // 0: no limit
        boolean unused = response.setTimeout(nanos, TimeUnit.NANOSECONDS);
    }

    /** The refusal of a request that takes too long. */
    public static RefusedException tooLate() {
        return new RefusedException(Refusal.UNAVAILABLE, "The request took too long.");
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
