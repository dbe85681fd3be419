package dev.roster.settings;

/** The service does not start. The message names the setting and what is wrong with it, never its value. */
public final class StartRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartRefusedException(String setting, String reason) {
        super(setting + ": " + reason);
    }
}
