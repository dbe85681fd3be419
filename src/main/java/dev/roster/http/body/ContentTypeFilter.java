package dev.roster.http.body;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Replaces a malformed or repeated {@code Content-Type} by a type that no route accepts. So the answer is 415, as for
 * every other body that is not JSON. Jersey would answer 400.
 *
 * <p>Hides the parameters of a form from Jersey, which would log the query of one without content, token included.
 */
public final class ContentTypeFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE));
        boolean readable = types.size() < 2 && types.stream().allMatch(ContentTypeFilter::isReadable);
        HttpServletRequest passed = isForm(types) ? new WithoutParameters(request) : request;
        chain.doFilter(readable ? passed : new WithUnacceptableType(request), response);
    }

    private static boolean isReadable(String type) {
        try {
            MediaType unused = MediaType.valueOf(type);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isForm(List<String> types) {
        String form = MediaType.APPLICATION_FORM_URLENCODED;
        return !types.isEmpty() && types.get(0).regionMatches(true, 0, form, 0, form.length());
    }

    private static final class WithoutParameters extends HttpServletRequestWrapper {
        WithoutParameters(HttpServletRequest request) {
            super(request);
        }

        /** Reads them all the same, because malformed ones are refused. */
        @Override
        public Enumeration<String> getParameterNames() {
            Enumeration<String> unused = super.getParameterNames();
            return Collections.emptyEnumeration();
        }
    }

    private static final class WithUnacceptableType extends HttpServletRequestWrapper {
        WithUnacceptableType(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getContentType() {
            return MediaType.APPLICATION_OCTET_STREAM;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
                    ? Collections.enumeration(List.of(getContentType()))
                    : super.getHeaders(name);
        }
    }
}
