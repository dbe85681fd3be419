package dev.roster.host.admin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A page with the paths of the admin port. Thread-safe. */
public final class IndexServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>Roster: admin port</title>
            </head>
            <body>
            <h1>Roster: admin port</h1>
            <ul>
            %s
            </ul>
            </body>
            </html>
            """.formatted(new TreeMap<>(AdminFilter.SERVED)
            .entrySet().stream()
                    .filter(served -> !served.getKey().equals(AdminFilter.INDEX))
                    .map(served -> item(served.getValue().get(0), served.getKey()))
                    .collect(Collectors.joining("\n")));

    private static String item(String method, String path) {
        String link = method.equals("GET") ? "<a href=\"" + path.substring(1) + "\">" + path + "</a>" : path;
        return "<li>" + method + " " + link + "</li>";
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().print(PAGE);
    }
}
