package dev.roster.admin.access;

import dev.roster.operator.Operator;
import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.InvalidMember;
import dev.roster.refusal.InvalidValueException;
import dev.roster.refusal.Reason;
import dev.roster.user.VisibleText;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A header with a text for the audit trail: ASCII, or UTF-8 in the form of RFC 8187 ({@code UTF-8''Gr%C3%BC%C3%9Fe}).
 *
 * @param maximum how many characters it may have
 */
record OperatorHeader(String name, int maximum) {
    static final OperatorHeader REASON = new OperatorHeader("Roster-Reason", Operator.MAX_REASON);
    static final OperatorHeader ACTOR = new OperatorHeader("Roster-Actor", 64);

    /** Charset, language and value (RFC 8187, section 3.2.1). */
    private static final Pattern EXTENDED =
            Pattern.compile("UTF-8'[A-Za-z0-9-]*'([^']*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern ENCODED = Pattern.compile("(?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*");

    /**
     * Returns the text of this header; null if the header is absent or invalid.
     *
     * @param invalid takes the reason why the header is invalid
     */
    @Nullable
    String read(MultivaluedMap<String, String> all, boolean isRequired, List<InvalidMember> invalid) {
        List<String> headers = all.getOrDefault(name, List.of());
        try {
            if (headers.isEmpty()) {
                if (isRequired) {
                    throw new InvalidValueException(ErrorCode.MISSING, "is required");
                }
                return null;
            }
            if (headers.size() > 1) {
                throw new InvalidValueException(ErrorCode.REPEATED, "must be given once");
            }
            return VisibleText.of(decode(headers.get(0).strip()), maximum);
        } catch (InvalidValueException e) {
            invalid.add(new InvalidMember(name, e.reason()));
            return null;
        }
    }

    private static String decode(String header) {
        Matcher extended = EXTENDED.matcher(header);
        if (!extended.matches()) {
            header.codePoints()
                    .filter(character -> character > 0x7e)
                    .findFirst()
                    .ifPresent(character -> {
                        throw new InvalidValueException(Reason.of(
                                ErrorCode.NOT_ASCII,
                                "must be ASCII, or UTF-8 in the form of RFC 8187",
                                Character.toString(character)));
                    });
            return header;
        }
        if (!ENCODED.matcher(extended.group(1)).matches()) {
            throw malformed();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(extended.group(1))))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static InvalidValueException malformed() {
        return new InvalidValueException(ErrorCode.MALFORMED, "must be UTF-8 in the form of RFC 8187");
    }

    private static byte[] bytes(String encoded) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%') {
                bytes.put((byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.put((byte) encoded.charAt(i));
            }
        }
        byte[] decoded = new byte[bytes.position()];
        bytes.flip().get(decoded);
        return decoded;
    }
}
