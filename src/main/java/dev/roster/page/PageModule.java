package dev.roster.page;

import dev.roster.host.Host;
import dev.roster.host.Room;

/** The pages that links in mails lead to, if mail is on. */
public final class PageModule implements Room {
    private final boolean isMailOn;

    public PageModule(boolean isMailOn) {
        this.isMailOn = isMailOn;
    }

    @Override
    public void plugInto(Host host) {
        if (isMailOn) {
            host.jersey(new AccountPages());
        }
    }
}
