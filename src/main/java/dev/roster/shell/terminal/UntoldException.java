package dev.roster.shell.terminal;

import java.io.IOException;

/** A command did its work but could not print the result. The message tells both. */
public final class UntoldException extends IOException {
    private static final long serialVersionUID = 1L;

    UntoldException(String done, IOException cause) {
        super(done + ", but stdout cannot be written: " + cause.getMessage(), cause);
    }
}
