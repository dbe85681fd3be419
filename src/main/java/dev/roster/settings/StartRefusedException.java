package dev.roster.settings;

/** A setting prevents the start. The message names the setting and the problem, never the value. */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the settings by itself */
    StartRefusedException(String message) {
        super(message);
    }

    public StartRefusedException(String setting, String reason) {
        super(setting + ": " + reason);
    }
}
