package dev.roster.log;

import ch.qos.logback.core.spi.DeferredProcessingAware;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import java.util.List;

/** Makes the configured appenders write JSON instead of their patterns. */
public final class JsonLog {
    private JsonLog() {}

    /** Sets up the log. */
    public static void write(DefaultLoggingFactory log) {
        setLayout(log.getAppenders(), (context, timeZone) -> new JsonEvents());
    }

    /** Sets up the request log. */
    public static void write(LogbackAccessRequestLogFactory log) {
        setLayout(log.getAppenders(), (context, timeZone) -> new JsonRequests());
    }

    private static <E extends DeferredProcessingAware> void setLayout(
            List<AppenderFactory<E>> appenders, DiscoverableLayoutFactory<E> layout) {
        appenders.forEach(appender -> {
            AbstractAppenderFactory<E> known = (AbstractAppenderFactory<E>) appender;
            known.setLayout(layout);
            known.setLogFormat(null); // otherwise Dropwizard warns that it is unused
        });
    }
}
