package dev.roster.docs;

import dev.roster.host.Host;
import dev.roster.host.Room;
import java.util.ArrayList;
import java.util.List;

/**
 * The OpenAPI document of each port, and the page to try it on. Those of the API port offer what the settings leave
 * open.
 */
public final class DocsModule implements Room {
    private final List<String> changes = new ArrayList<>();

    /**
     * @param isRegistrationOpen whether users may register themselves
     * @param isDirectoryOpen whether every user may see every user
     * @param isMailOn whether Roster sends mails
     * @param isRegistrationProven whether a registration becomes a user only when its address is proven
     */
    public DocsModule(
            boolean isRegistrationOpen, boolean isDirectoryOpen, boolean isMailOn, boolean isRegistrationProven) {
        if (!isRegistrationOpen) {
            changes.add("/openapi/registration-closed.yaml");
        }
        if (!isDirectoryOpen) {
            changes.add("/openapi/directory-self.yaml");
        }
        if (isMailOn) {
            changes.add("/openapi/mail.yaml");
        }
        if (isRegistrationOpen && isRegistrationProven) {
            changes.add("/openapi/registration-pending.yaml");
        }
    }

    @Override
    public void plugInto(Host host) {
        host.jersey(new OpenApiResource("/openapi.yaml", changes.toArray(String[]::new)));
        host.jersey(new RootResource());
        host.jersey(new DocsResource());
        host.adminJersey(new OpenApiResource("/admin/openapi.yaml"));
        host.adminJersey(new DocsResource());
    }
}
