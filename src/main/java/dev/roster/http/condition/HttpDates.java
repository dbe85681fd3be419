package dev.roster.http.condition;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates in headers, in the three formats of RFC 9110, section 5.6.7. */
final class HttpDates {
    /** The first year that two digits can mean. RFC 9110: not more than 50 years in the future. */
    private static final int FIRST_YEAR = 1977;

    private static final List<DateTimeFormatter> FORMATS = List.of(
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US),
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, FIRST_YEAR)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US));

    private HttpDates() {}

    /** Returns null if the text is not a date. */
    static @Nullable Instant parse(String text) {
        for (DateTimeFormatter format : FORMATS) {
            Instant date = parse(text, format);
            if (date != null) {
                return date;
            }
        }
        return null;
    }

    private static @Nullable Instant parse(String text, DateTimeFormatter format) {
        try {
            return LocalDateTime.parse(text, format.withResolverStyle(ResolverStyle.STRICT))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
