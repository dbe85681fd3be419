package dev.roster.host;

/**
 * A part of the service, as {@code RosterApplication} sees it. Its constructor takes its section of the configuration
 * and the rooms that it needs, makes its objects, and starts nothing.
 */
public interface Room {
    /** Registers the parts of this room at the host: resources, health checks, jobs, purges, personal data. */
    void plugInto(Host host);
}
