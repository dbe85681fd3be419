package dev.roster.http.connection;

import io.opentelemetry.context.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Keeps threads from waiting for clients. A request is handed on once its body has arrived, is too large, or is late.
 * An answer is sent once it is complete, without a thread waiting for the client to read it. So slow clients occupy no
 * threads (ASVS 13.1.2).
 *
 * <p>A body that is slightly too large, or not needed, is read to its end: the client gets the answer and keeps its
 * connection. For larger bodies the connection closes after the answer.
 */
public final class BufferingHandler extends Handler.Wrapper {
    /** The largest body that a request may have, in bytes. */
    public static final int MAX_BODY = 16 * 1024;

    /** The bytes that are read of a body before its connection closes. */
    private static final int MAX_READ = 4 * MAX_BODY;

    private static final String DEADLINE = BufferingHandler.class.getName() + ".deadline";

    private final Duration bodyTimeout;
    private final Duration answerTimeout;
    private final UnreadAnswers unread;

    /**
     * @param bodyTimeout the longest time from the first byte of a request to the last byte of its body
     * @param answerTimeout the longest time from the first byte of a request until its answer is known
     * @param unread bounds the answers in memory
     */
    public BufferingHandler(Duration bodyTimeout, Duration answerTimeout, UnreadAnswers unread) {
        this.bodyTimeout = bodyTimeout;
        this.answerTimeout = answerTimeout;
        this.unread = unread;
    }

    /** The time until which the answer must be known, as of {@link System#nanoTime}. */
    public static long deadline(HttpServletRequest request) {
        return (long) request.getAttribute(DEADLINE);
    }

    /**
     * Declares that the answer consists of these bytes, which never change. They are sent without a copy, so that slow
     * clients of a large answer hold none of the heap. What the kernel holds for each, {@link Connections} bounds.
     */
    public static void share(HttpServletRequest request, byte[] bytes) {
        request.setAttribute(BufferedResponse.SHARED, bytes);
    }

    /**
     * Declares that the answer is sent while it is written. A thread that writes waits for the client. The deadline of
     * an exchange does not apply; instead {@link Connections} resets the connection if the client does not take one
     * write within that time. Call it before the first write, and send {@code Connection: close}.
     */
    public static void stream(HttpServletRequest request) {
        request.setAttribute(BufferedResponse.STREAM, true);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        request.setAttribute(DEADLINE, request.getBeginNanoTime() + answerTimeout.toNanos());
        BufferedResponse buffered = new BufferedResponse(request, response, unread, callback);
        if (request.getLength() <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return super.handle(request, buffered, buffered);
        }
        Exchange exchange = new Exchange(new BufferedRequest(request, MAX_BODY + 1), buffered);
        boolean expectsContinue = request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        String coding = request.getHeaders().get(HttpHeader.TRANSFER_ENCODING);
        if (request.getLength() > (expectsContinue ? MAX_BODY : MAX_READ)
                || (coding != null && !coding.equalsIgnoreCase("chunked"))) { // a proxy may see another end
            return exchange.refuseBody();
        }
        return expectsContinue ? exchange.askForBody() : exchange.readBody();
    }

    /** A request until it is handed on. Thread-safe. */
    private final class Exchange {
        private final BufferedRequest request;
        private final BufferedResponse response;
        private Scheduler.@Nullable Task timeout;
        // OpenTelemetry's agent does not follow the request to another thread.
        private final Context trace = Context.current();
        private boolean handedOn;

        Exchange(BufferedRequest request, BufferedResponse response) {
            this.request = request;
            this.response = response;
        }

        boolean refuseBody() throws Exception {
            return end(new IOException("The body is not read")) && handOn();
        }

        boolean askForBody() {
            startTimeout();
            Future<?> unused = response.writeInterim(HttpStatus.CONTINUE_100, HttpFields.EMPTY)
                    .whenComplete((asked, failure) -> onContent());
            return true;
        }

        /** Most bodies arrive together with their header; these need no other thread. */
        boolean readBody() throws Exception {
            return !fill() || handOn();
        }

        private void onContent() {
            if (fill()) {
                handOnLater();
            }
        }

        private void onTimeout() {
            if (end(new TimeoutException("The body is late"))) {
                handOnLater();
            }
        }

        /** Returns whether the calling thread must hand the request on. */
        private synchronized boolean fill() {
            if (handedOn) {
                return false;
            }
            if (request.fill(MAX_READ)) {
                handedOn = true;
                return true;
            }
            startTimeout();
            // This may call onContent at once, so do not use handedOn after it.
            request.getWrapped().demand(this::onContent);
            return false;
        }

        private synchronized void startTimeout() {
            if (timeout == null) {
                long age = System.nanoTime() - request.getBeginNanoTime();
                timeout = request.getComponents()
                        .getScheduler()
                        .schedule(this::onTimeout, bodyTimeout.toNanos() - age, TimeUnit.NANOSECONDS);
            }
        }

        private synchronized void cancelTimeout() {
            if (timeout != null) {
                timeout.cancel();
            }
        }

        /** Returns whether the calling thread must hand the request on. */
        private synchronized boolean end(Exception failure) {
            if (handedOn) {
                return false;
            }
            request.end(failure);
            handedOn = true;
            return true;
        }

        private void handOnLater() {
            request.getComponents().getExecutor().execute(trace.wrap(this::handOnInThread));
        }

        private void handOnInThread() {
            try {
                if (!handOn()) {
                    Response.writeError(request, response, response, HttpStatus.NOT_FOUND_404);
                }
            } catch (Throwable failure) { // as Jetty handles the failures of handlers
                Response.writeError(request, response, response, failure);
            }
        }

        private boolean handOn() throws Exception {
            cancelTimeout();
            response.begin();
            if (!request.isWhole()) {
                response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            }
            return BufferingHandler.super.handle(request, response, response);
        }
    }
}
