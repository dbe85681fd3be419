package dev.roster.log;

import ch.qos.logback.access.common.spi.IAccessEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.http.trace.RequestNotes;
import java.io.IOException;

/** An answered request. Of its content, only the method and the path without the query are logged. */
final class JsonRequests extends JsonLine<IAccessEvent> {
    @Override
    void write(IAccessEvent event, JsonGenerator json) throws IOException {
        String request = event.getMethod() + " " + event.getRequestURI();
        json.writeStringField("time", time(event.getTimeStamp()));
        json.writeStringField("level", "INFO");
        json.writeStringField("logger", "access");
        json.writeStringField("message", request + " " + event.getStatusCode());
        json.writeStringField("method", event.getMethod());
        json.writeStringField("path", event.getRequestURI());
        json.writeNumberField("status", event.getStatusCode());
        json.writeNumberField("duration_ms", event.getElapsedTime());
        json.writeNumberField("bytes", event.getContentLength());
        json.writeStringField("client", event.getRemoteHost());
        for (String note : RequestNotes.ALL) {
            String value = event.getAttribute(note);
            if (!value.equals(IAccessEvent.NA)) {
                json.writeStringField(note, value);
            }
        }
    }
}
