package dev.roster.http;

import jakarta.ws.rs.container.ContainerRequestContext;

/**
 * References to other paths of the service, relative to the path of the request (RFC 3986, section 5.2). A proxy may
 * serve the service on a sub-path that it does not tell. A client that resolves a relative reference keeps it.
 */
public final class RelativeReference {
    private RelativeReference() {}

    /**
     * Returns a reference from the path of a request to a path of the service.
     *
     * @param path begins with a slash; may have a query
     */
    public static String to(String path, ContainerRequestContext request) {
        return to(path, request.getUriInfo().getRequestUri().getRawPath());
    }

    static String to(String path, String from) {
        int start = 0; // after the last slash of what both paths begin with
        for (int i = 0; i < Math.min(path.length(), from.length()) && path.charAt(i) == from.charAt(i); i++) {
            if (path.charAt(i) == '/') {
                start = i + 1;
            }
        }
        long ups = from.substring(start).chars().filter(c -> c == '/').count();
        return "../".repeat((int) ups) + path.substring(start);
    }
}
