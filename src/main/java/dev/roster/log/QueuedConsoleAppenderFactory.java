package dev.roster.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.DeferredProcessingAware;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.async.AsyncAppenderFactory;

/**
 * A console for the request log that queues lines: see {@link QueuedOutput}. Dropwizard's own console queues events,
 * and has to copy each event and wake a thread to format it. Settings are as in Dropwizard, with {@code queueSize} in
 * lines and without {@code messageRate}.
 */
@JsonTypeName("queued-console")
public final class QueuedConsoleAppenderFactory<E extends DeferredProcessingAware> extends ConsoleAppenderFactory<E> {
    @Override
    protected OutputStreamAppender<E> appender(LoggerContext context) {
        ConsoleTarget console = ConsoleTarget.findByName(getTarget().get());
        OutputStreamAppender<E> appender = new QueueAppender<>(new QueuedOutput(console.getStream(), getQueueSize()));
        appender.setName("queued-console-appender");
        appender.setContext(context);
        return appender;
    }

    @Override
    protected Appender<E> wrapAsync(Appender<E> appender, AsyncAppenderFactory<E> unused, Context context) {
        return appender;
    }

    /** Formats events at once, so they need not be copied. */
    private static final class QueueAppender<E> extends OutputStreamAppender<E> {
        private final QueuedOutput output;

        QueueAppender(QueuedOutput output) {
            this.output = output;
            setOutputStream(output);
        }

        @Override
        protected void subAppend(E event) {
            output.write(encoder.encode(event));
        }
    }
}
