package dev.roster.shell;

import java.io.IOException;

/** A command has done its work, and could not say so. The message says both. */
final class UntoldException extends IOException {
    private static final long serialVersionUID = 1L;

    UntoldException(String done, IOException cause) {
        super(done + ", but stdout cannot be written: " + cause.getMessage(), cause);
    }
}
