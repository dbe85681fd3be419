package dev.roster.directory;

import dev.roster.host.Host;
import dev.roster.host.Room;

/** Decides whether users may see each other. */
public final class DirectoryModule implements Room {
    private final boolean isOpen;

    /** @param isOpen whether every user may see every user */
    public DirectoryModule(boolean isOpen) {
        this.isOpen = isOpen;
    }

    @Override
    public void plugInto(Host host) {
        if (!isOpen) {
            host.jersey(new SelfOnlyFeature());
        }
    }
}
