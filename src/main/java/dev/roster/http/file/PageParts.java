package dev.roster.http.file;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The scripts, styles and texts of a page, by name. Thread-safe. */
public final class PageParts {
    private final Map<String, PageFile> byName;

    private PageParts(Map<String, PageFile> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** Loads the files with these names from a folder of the class path, whose name ends with a slash. */
    public static PageParts load(String folder, String... names) {
        return new PageParts(
                Stream.of(names).collect(Collectors.toMap(Function.identity(), name -> PageFile.load(folder + name))));
    }

    /** These parts, and a file that has another name on the class path. */
    public PageParts with(String name, String resource) {
        Map<String, PageFile> more = new HashMap<>(byName);
        more.put(name, PageFile.load(resource));
        return new PageParts(more);
    }

    /** @throws NotFoundException if no part has this name */
    public Response answer(String name, HttpServletRequest request, ContainerRequestContext context) {
        PageFile file = byName.get(name);
        if (file == null) {
            throw new NotFoundException();
        }
        return file.answer(request, context);
    }
}
