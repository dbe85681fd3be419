package dev.roster.log;

import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A log event with its request's ids. An exception and its stack trace are one member. */
final class JsonEvents extends JsonLine<ILoggingEvent> {
    /** Stack trace lines of each exception and cause. */
    private static final String LINES = "20";

    private final RootCauseFirstThrowableProxyConverter exceptions = new RootCauseFirstThrowableProxyConverter();

    JsonEvents() {
        exceptions.setOptionList(List.of(LINES));
        exceptions.start();
    }

    @Override
    void write(ILoggingEvent event, JsonGenerator json) throws IOException {
        json.writeStringField("time", time(event.getTimeStamp()));
        json.writeStringField("level", event.getLevel().toString());
        json.writeStringField("logger", event.getLoggerName());
        json.writeStringField("thread", event.getThreadName());
        json.writeStringField("message", event.getFormattedMessage());
        for (Map.Entry<String, String> member : event.getMDCPropertyMap().entrySet()) {
            json.writeStringField(member.getKey(), member.getValue());
        }
        if (event.getThrowableProxy() != null) {
            json.writeStringField("exception", exceptions.convert(event));
        }
    }
}
