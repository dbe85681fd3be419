package dev.roster.http;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the ids in paths: UUIDs in their 8-4-4-4-12 form (RFC 9562, section 4). Anything else is not there: 404. */
public final class UuidParamConverterProvider implements ParamConverterProvider {
    private static final Pattern UUID_FORM = Pattern.compile("(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @Override
    @SuppressWarnings("unchecked") // T is UUID where rawType says so
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> rawType, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        return rawType == UUID.class ? (ParamConverter<T>) new UuidConverter() : null;
    }

    private static final class UuidConverter implements ParamConverter<UUID> {
        @Override
        public UUID fromString(String text) {
            if (!UUID_FORM.matcher(text).matches()) {
                throw new NotFoundException();
            }
            return UUID.fromString(text);
        }

        @Override
        public String toString(UUID id) {
            return id.toString();
        }
    }
}
