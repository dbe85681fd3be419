package dev.roster.http.protocol;

import java.util.HexFormat;

/** The characters that mean the same with and without percent-encoding (RFC 3986, sections 2.3 and 6.2.2.2). */
final class UnreservedCharacters {
    private UnreservedCharacters() {}

    /** Decodes the unreserved characters of a path, and leaves all others as they are. */
    static String decode(String path) {
        StringBuilder decoded = new StringBuilder(path.length());
        int i = 0;
        while (i < path.length()) {
            int encoded = encodedAt(path, i);
            boolean isUnreserved = isUnreserved(encoded);
            decoded.append(isUnreserved ? (char) encoded : path.charAt(i));
            i += isUnreserved ? 3 : 1;
        }
        return decoded.toString();
    }

    /** The character that is encoded here; -1 if none is. */
    private static int encodedAt(String path, int i) {
        return path.charAt(i) == '%'
                        && i + 2 < path.length()
                        && HexFormat.isHexDigit(path.charAt(i + 1))
                        && HexFormat.isHexDigit(path.charAt(i + 2))
                ? HexFormat.fromHexDigits(path, i + 1, i + 3)
                : -1;
    }

    private static boolean isUnreserved(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "-._~".indexOf(character) >= 0;
    }
}
