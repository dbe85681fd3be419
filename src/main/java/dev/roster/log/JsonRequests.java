package dev.roster.log;

import ch.qos.logback.access.common.spi.IAccessEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.roster.http.trace.RequestNotes;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** An answered request. Of its content, only the method and the path without the query are logged. */
final class JsonRequests extends JsonLine<IAccessEvent> {
    /** The first status of an error. */
    private static final int ERRORS = 400;

    /** The parts of {@link RequestNotes#PROBLEM}. */
    private static final List<String> PROBLEM_MEMBERS = List.of("problem", "reason", "jti");

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
        if (event.getStatusCode() >= ERRORS) {
            writeProblem(event.getAttribute(RequestNotes.PROBLEM), json);
        }
    }

    private static void writeProblem(String note, JsonGenerator json) throws IOException {
        if (!note.equals(IAccessEvent.NA)) {
            Iterator<String> members = PROBLEM_MEMBERS.iterator();
            for (String value : note.split(" ", -1)) {
                json.writeStringField(members.next(), value);
            }
        }
    }
}
