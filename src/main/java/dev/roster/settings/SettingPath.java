package dev.roster.settings;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import jakarta.validation.Path;
import java.util.List;

/** The place of a setting in the configuration file, such as {@code server.adminConnectors[0].port}. */
final class SettingPath {
    /** Dropwizard's properties {@code server} and {@code logging} have other names in Java. */
    private static final String FACTORY = "Factory";

    private SettingPath() {}

    static String member(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String item(String path, int index) {
        return path + "[" + index + "]";
    }

    /** The place at which a value could not be read. */
    static String of(List<Reference> references) {
        String path = "";
        for (Reference reference : references) {
            path = reference.getFieldName() == null
                    ? item(path, reference.getIndex())
                    : member(path, reference.getFieldName());
        }
        return path;
    }

    /** The place of a value that violates a constraint. */
    static String of(Path properties) {
        String path = "";
        for (Path.Node node : properties) {
            if (node.getIndex() != null) {
                path = item(path, node.getIndex());
            }
            String name = String.valueOf(node.getName());
            if (path.isEmpty() && name.endsWith(FACTORY)) {
                name = name.substring(0, name.length() - FACTORY.length());
            }
            path = member(path, name);
        }
        return path;
    }
}
