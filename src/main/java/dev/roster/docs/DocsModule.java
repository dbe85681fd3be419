package dev.roster.docs;

import dev.roster.host.Host;
import dev.roster.host.Room;

/** The OpenAPI document of each port, and the page to try it on. */
public final class DocsModule implements Room {
    @Override
    public void plugInto(Host host) {
        host.jersey(new OpenApiResource("/openapi.yaml"));
        host.jersey(new RootResource());
        host.jersey(new DocsResource());
        host.adminJersey(new OpenApiResource("/admin/openapi.yaml"));
        host.adminJersey(new DocsResource());
    }
}
