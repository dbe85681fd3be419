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
import java.io.IOException;

/**
 * Dropwizard's console, which nobody waits for, either. But Dropwizard queues events: each has to be copied for that, and
 * wakes a thread that then makes its line. Here whoever logs makes the line, and lines are queued: see {@link
 * QueuedOutput}. Of the settings of the queue it has {@code queueSize}, in lines; a full one drops them.
 */
@JsonTypeName("queued-console")
public final class QueuedConsoleAppenderFactory<E extends DeferredProcessingAware> extends ConsoleAppenderFactory<E> {
    @Override
    protected OutputStreamAppender<E> appender(LoggerContext context) {
        OutputStreamAppender<E> appender = new UncopiedAppender<>();
        appender.setName("queued-console-appender");
        appender.setContext(context);
        ConsoleTarget console = ConsoleTarget.findByName(getTarget().get());
        appender.setOutputStream(new QueuedOutput(console.getStream(), getQueueSize()));
        return appender;
    }

    @Override
    protected Appender<E> wrapAsync(Appender<E> appender, AsyncAppenderFactory<E> unused, Context context) {
        return appender;
    }

    /** Does not have events copied, since their lines are made before it returns. */
    private static final class UncopiedAppender<E> extends OutputStreamAppender<E> {
        @Override
        protected void subAppend(E event) {
            try {
                getOutputStream().write(encoder.encode(event));
            } catch (IOException e) {
                addError("A line is lost", e);
            }
        }
    }
}
