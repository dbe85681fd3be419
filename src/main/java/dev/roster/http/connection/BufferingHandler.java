package dev.roster.http.connection;

import dev.roster.http.body.JsonBodyReader;
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
 * Keeps threads from waiting for clients. A request is handed on once its body is there, or is too large, or late; an
 * answer is sent once it is whole, and no thread waits until it is taken. So a thread is in use for as long as the service
 * works, however slow the client is (ASVS 13.1.2).
 *
 * <p>Of a body that is a little too large, or that nobody needs, the rest is read as well: the client still learns what
 * is wrong, and keeps its connection for the next request. Where more would come, the connection ends with the answer.
 */
public final class BufferingHandler extends Handler.Wrapper {
    /** In bytes. */
    private static final int MAX_READ = 4 * JsonBodyReader.MAX_BODY;

    private final Duration bodyTimeout;

    /** @param bodyTimeout what may pass from the first byte of a request to the last of its body */
    public BufferingHandler(Duration bodyTimeout) {
        this.bodyTimeout = bodyTimeout;
    }

    /**
     * Says that these bytes are, or are a part of, what the request is answered with, and that nobody ever changes them. No
     * copy of them is kept for clients that are slow to take them, so that however large they are, they cost memory once.
     */
    public static void share(HttpServletRequest request, byte[] bytes) {
        request.setAttribute(BufferedResponse.SHARED, bytes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        BufferedResponse buffered = new BufferedResponse(request, response, callback);
        if (request.getLength() <= 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return super.handle(request, buffered, buffered);
        }
        Exchange exchange = new Exchange(new BufferedRequest(request, JsonBodyReader.MAX_BODY + 1), buffered);
        boolean asks = request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        String coding = request.getHeaders().get(HttpHeader.TRANSFER_ENCODING);
        if (request.getLength() > (asks ? JsonBodyReader.MAX_BODY : MAX_READ)
                || (coding != null && !coding.equalsIgnoreCase("chunked"))) { // who is in front may see another end
            return exchange.refuseBody();
        }
        return asks ? exchange.askForBody() : exchange.readBody();
    }

    /** One request, until it is handed on. */
    private final class Exchange {
        private final BufferedRequest request;
        private final BufferedResponse response;
        private Scheduler.@Nullable Task timeout;
        private final Context trace =
                Context.current(); // of OpenTelemetry's agent, which does not see where it goes on
        private boolean handedOn;

        Exchange(BufferedRequest request, BufferedResponse response) {
            this.request = request;
            this.response = response;
        }

        boolean refuseBody() throws Exception {
            return end(new IOException("Not read")) && handOn();
        }

        boolean askForBody() {
            startTimeout();
            Future<?> unused = response.writeInterim(HttpStatus.CONTINUE_100, HttpFields.EMPTY)
                    .whenComplete((asked, failure) -> onContent());
            return true;
        }

        /** Most bodies come together with their header: these need no other thread. */
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

        /** Whether the request is to be handed on by whoever asks. */
        private synchronized boolean fill() {
            if (handedOn) {
                return false;
            }
            if (request.fill(MAX_READ)) {
                handedOn = true;
                return true;
            }
            startTimeout();
            // What comes meanwhile is met in there already, so that handedOn says nothing about this call afterwards.
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

        /** Whether the request is to be handed on by whoever asks. */
        private synchronized boolean end(Exception failure) {
            if (handedOn) {
                return false;
            }
            request.end(failure);
            handedOn = true;
            return true;
        }

        private void handOnLater() {
            request.getComponents().getExecutor().execute(trace.wrap(this::handOnAlone));
        }

        private void handOnAlone() {
            try {
                if (!handOn()) {
                    Response.writeError(request, response, response, HttpStatus.NOT_FOUND_404);
                }
            } catch (Throwable failure) { // as Jetty itself takes what comes out of a handler
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
