package dev.roster.admin.page;

import dev.roster.host.Host;
import dev.roster.host.Room;

/** Serves the operators' page. */
public final class PageModule implements Room {
    @Override
    public void plugInto(Host host) {
        host.adminJersey(new PageResource());
    }
}
