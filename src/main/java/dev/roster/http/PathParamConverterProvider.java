package dev.roster.http;

import dev.roster.id.Ids;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parses ids in paths: UUIDs in the 8-4-4-4-12 form (RFC 9562, section 4). Any other id gets 404. */
public final class PathParamConverterProvider implements ParamConverterProvider {
    private static final ParamConverter<UUID> UUIDS =
            new Converter<>(text -> Ids.parse(text).orElseThrow(IllegalArgumentException::new));
    private static final ParamConverter<UserPath> USERS = new Converter<>(UserPath::parse);

    @Override
    @SuppressWarnings("unchecked") // T is the type of rawType
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> rawType, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        if (rawType == UUID.class) {
            return (ParamConverter<T>) UUIDS;
        }
        return rawType == UserPath.class ? (ParamConverter<T>) USERS : null;
    }

    private record Converter<T>(Function<String, T> parse) implements ParamConverter<T> {
        @Override
        public T fromString(String text) {
            return parse.apply(text);
        }

        @Override
        public String toString(T value) {
            return value.toString();
        }
    }
}
