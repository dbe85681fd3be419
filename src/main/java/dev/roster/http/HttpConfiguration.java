package dev.roster.http;

import dev.roster.http.connection.ConnectionConfiguration;
import dev.roster.http.connection.ProxyConfiguration;
import dev.roster.http.cors.AllowedOrigins;
import dev.roster.http.protocol.AllowedHosts;
import io.dropwizard.core.server.ServerFactory;
import java.util.Collection;

/**
 * The parts of the configuration that concern HTTP.
 *
 * @param server Dropwizard's settings of the server
 * @param hosts the hosts that clients of the API may address
 * @param corsOrigins the web origins whose scripts may call the API
 * @param limits the names of all limits, whose metrics begin at 0
 */
public record HttpConfiguration(
        ServerFactory server,
        ProxyConfiguration proxies,
        ConnectionConfiguration connections,
        AllowedHosts hosts,
        AllowedOrigins corsOrigins,
        Collection<String> limits) {}
