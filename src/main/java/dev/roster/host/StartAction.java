package dev.roster.host;

/** An action of a room at the start, before the node accepts requests. */
@FunctionalInterface
public interface StartAction {
    /** @throws Exception to stop the start */
    void run() throws Exception;
}
