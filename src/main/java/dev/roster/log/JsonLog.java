package dev.roster.log;

import ch.qos.logback.core.spi.DeferredProcessingAware;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import java.util.List;

/** Has logs written as JSON, by whatever appenders they have, instead of by their patterns. */
public final class JsonLog {
    private JsonLog() {}

    /** For what the service says. */
    public static void write(DefaultLoggingFactory log) {
        setLayout(log.getAppenders(), (context, timeZone) -> new JsonEvents());
    }

    /** For requests. */
    public static void write(LogbackAccessRequestLogFactory log) {
        setLayout(log.getAppenders(), (context, timeZone) -> new JsonRequests());
    }

    private static <E extends DeferredProcessingAware> void setLayout(
            List<AppenderFactory<E>> appenders, DiscoverableLayoutFactory<E> layout) {
        appenders.forEach(appender -> {
            AbstractAppenderFactory<E> known = (AbstractAppenderFactory<E>) appender;
            known.setLayout(layout);
            known.setLogFormat(null); // Dropwizard would warn that it is not used
        });
    }
}
