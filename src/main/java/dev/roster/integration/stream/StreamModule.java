package dev.roster.integration.stream;

import dev.roster.apikey.ApiKeyModule;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.integration.access.ServiceKeys;
import dev.roster.revocation.RevocationModule;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import org.eclipse.jetty.util.component.LifeCycle;

/** The stream of revocations. */
public final class StreamModule implements Room {
    private final ServiceKeys access;
    private final RevocationModule revocation;
    private final RevocationStreams streams;

    public StreamModule(Host host, ServiceKeys access, ApiKeyModule keys, RevocationModule revocation) {
        this.access = access;
        this.revocation = revocation;
        this.streams = new RevocationStreams(host, revocation.revoked(), keys.keys());
    }

    @Override
    public void plugInto(Host host) {
        revocation.observe(streams);
        host.jersey(new RevocationResource(access, streams));
        GaugeWithCallback.builder()
                .name("roster_revocation_streams")
                .help("Open streams of revocations.")
                .callback(gauge -> gauge.call(streams.count()))
                .register(host.metrics());
        // A stop waits for requests under way before it closes what the host manages.
        host.environment().lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle server) {
                streams.close();
            }
        });
    }
}
