package dev.roster.http.body;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import dev.roster.refusal.RefusedException;
import jakarta.ws.rs.BadRequestException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query string, read as strictly as a body: only known ones, each once, in well-formed UTF-8.
 * {@link #requireValid} names all invalid ones at once. Not thread-safe.
 */
public final class QueryParameters {
    private static final int MAX_INVALID = 50; // in one answer
    private static final int MAX_NAME_SHOWN = 40;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, InvalidMember> invalid = new LinkedHashMap<>();

    /**
     * @param query the raw query string, null if there is none
     * @param known the names of all parameters
     * @throws BadRequestException if it cannot be decoded
     */
    public QueryParameters(@Nullable String query, Set<String> known) {
        for (String part : query == null ? new String[0] : query.split("&")) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (!known.contains(name)) {
                refuse(shorten(name), Reason.of(ErrorCode.UNKNOWN_PARAMETER, "is not a known parameter"));
            } else if (values.put(name, value) != null) {
                invalid.put(name, new InvalidMember(name, Reason.of(ErrorCode.REPEATED, "must be given once")));
            } else if (value.isEmpty()) {
                refuse(name, Reason.of(ErrorCode.EMPTY, "must not be empty"));
            }
        }
    }

    /** The value of a parameter; null if it is absent or invalid. */
    public <T> @Nullable T get(String name, Function<String, T> parse) {
        String value = values.get(name);
        if (value == null || invalid.containsKey(name)) {
            return null;
        }
        try {
            return parse.apply(value);
        } catch (InvalidValueException e) {
            refuse(name, e.reason());
            return null;
        }
    }

    /** Whether none of these has been found invalid so far. */
    public boolean areValid(String... names) {
        return Set.of(names).stream().noneMatch(invalid::containsKey);
    }

    /** @throws RefusedException if a parameter is invalid; names all that are */
    public void requireValid() {
        if (!invalid.isEmpty()) {
            throw RefusedException.invalidParameters(List.copyOf(invalid.values()));
        }
    }

    /** The query string of these parameters, with this one replaced or added. */
    public String with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return changed.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private void refuse(String name, Reason reason) {
        if (invalid.size() < MAX_INVALID) {
            invalid.putIfAbsent(name, new InvalidMember(name, reason));
        }
    }

    private static String shorten(String name) {
        return name.codePointCount(0, name.length()) <= MAX_NAME_SHOWN
                ? name
                : name.substring(0, name.offsetByCodePoints(0, MAX_NAME_SHOWN)) + "…";
    }

    // URLDecoder would replace malformed UTF-8 by U+FFFD, as Jetty does where it is not percent-encoded.
    static String decode(String text) {
        if (text.indexOf('\ufffd') >= 0) {
            throw new BadRequestException();
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                if (i + 2 >= encoded.length) {
                    throw new BadRequestException();
                }
                bytes.put((byte) (hexDigit(encoded[i + 1]) << 4 | hexDigit(encoded[i + 2])));
                i += 2;
            } else {
                bytes.put(encoded[i] == '+' ? (byte) ' ' : encoded[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new BadRequestException(e);
        }
    }

    private static int hexDigit(byte character) {
        if (!HexFormat.isHexDigit(character)) {
            throw new BadRequestException();
        }
        return HexFormat.fromHexDigit(character);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
