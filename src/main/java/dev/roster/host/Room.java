package dev.roster.host;

/**
 * A part of the service, as {@code RosterApplication} sees it. Its constructor takes its section of the configuration
 * and the rooms that it needs, makes its objects, and starts nothing.
 */
public interface Room {
    /** Adds what this room has to the host: resources, health checks, jobs, purges, personal data. */
    void plugInto(Host host);
}
