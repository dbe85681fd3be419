package dev.roster.http;

import dev.roster.id.Ids;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parses ids in paths: UUIDs in the 8-4-4-4-12 form (RFC 9562, section 4). Any other id gets 404. */
public final class UuidParamConverterProvider implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked") // T is the type of rawType
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> rawType, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        return rawType == UUID.class ? (ParamConverter<T>) new UuidConverter() : null;
    }

    private static final class UuidConverter implements ParamConverter<UUID> {
        @Override
        public UUID fromString(String text) {
            return Ids.parse(text).orElseThrow(NotFoundException::new);
        }

        @Override
        public String toString(UUID id) {
            return id.toString();
        }
    }
}
