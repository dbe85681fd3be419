package dev.roster.user;

import dev.roster.refusal.ErrorCode;
import dev.roster.refusal.Reason;
import org.jspecify.annotations.Nullable;

/** Refuses characters that no text shown to others may contain. */
public final class SafeText {
    private static final Reason CONTROL = Reason.of(ErrorCode.CONTROL_CHARACTER, "must not contain control characters");
    private static final Reason NULL = Reason.of(ErrorCode.NULL_CHARACTER, "must not contain U+0000");
    private static final Reason SURROGATE = Reason.of(ErrorCode.MALFORMED_UNICODE, "must be well-formed Unicode");
    private static final Reason BIDIRECTIONAL =
            Reason.of(ErrorCode.BIDIRECTIONAL_OVERRIDE, "must not contain bidirectional overrides");

    private SafeText() {}

    /** Why a text of one line must not have this character; null if it may. */
    static @Nullable Reason objection(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> CONTROL;
            case Character.SURROGATE -> SURROGATE;
            default ->
                (codePoint >= 0x202A && codePoint <= 0x202E) || (codePoint >= 0x2066 && codePoint <= 0x2069)
                        ? BIDIRECTIONAL
                        : null;
        };
    }

    /** Why this text is refused; null if it is not. It may have several lines, and tabs. */
    public static @Nullable Reason objection(String lines) {
        for (int i = 0; i < lines.length(); i += Character.charCount(lines.codePointAt(i))) {
            int codePoint = lines.codePointAt(i);
            Reason reason = isLayout(codePoint) ? null : objection(codePoint);
            if (reason != null) {
                return codePoint == 0 ? NULL : reason;
            }
        }
        return null;
    }

    private static boolean isLayout(int codePoint) {
        return codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
    }
}
