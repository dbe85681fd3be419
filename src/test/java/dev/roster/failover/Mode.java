package dev.roster.failover;

import java.util.Map;

/** Whether a commit waits for a standby. */
enum Mode {
    SYNCHRONOUS(true, false),
    /** Without a standby, writes wait. */
    STRICT(true, true),
    ASYNCHRONOUS(false, false);

    private final boolean synchronous;
    private final boolean strict;

    Mode(boolean synchronous, boolean strict) {
        this.synchronous = synchronous;
        this.strict = strict;
    }

    boolean isSynchronous() {
        return synchronous;
    }

    /** The settings of Patroni. */
    Map<String, Boolean> settings() {
        return Map.of("synchronous_mode", synchronous, "synchronous_mode_strict", strict);
    }
}
