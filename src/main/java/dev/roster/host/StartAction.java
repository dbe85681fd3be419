package dev.roster.host;

/** What a room does when the service starts, before it serves. */
@FunctionalInterface
public interface StartAction {
    /** @throws Exception to stop the start */
    void run() throws Exception;
}
