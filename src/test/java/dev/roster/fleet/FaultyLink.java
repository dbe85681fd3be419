package dev.roster.fleet;

import dev.roster.support.fault.Link;

/** The two ways in which a network fails: it closes connections, or it drops packets. */
enum FaultyLink {
    CUT("cut"),
    HALF_OPEN("half-open");

    private final String text;

    FaultyLink(String text) {
        this.text = text;
    }

    void befall(Link link) {
        switch (this) {
            case CUT -> link.cut();
            case HALF_OPEN -> link.halfOpen();
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
