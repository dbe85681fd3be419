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
 * Dropwizard's console for the log of requests, which nobody waits for, either. But Dropwizard queues events: each has to be
 * copied for that, and wakes a thread that then makes its line. Here whoever logs makes the line, and lines are queued: see
 * {@link QueuedOutput}. Of the settings of Dropwizard's queue it has {@code queueSize}, in lines, and no {@code messageRate}.
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

    /** Does not have events copied, since their lines are made before it returns. */
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
