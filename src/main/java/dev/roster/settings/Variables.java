package dev.roster.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which environment variable feeds which setting, as the configuration file says. Immutable. */
final class Variables {
    /** A whole value of the file; see {@link EnvironmentSource}. */
    private static final Pattern USE =
            Pattern.compile("\\$\\{(?<name>[A-Za-z0-9_]+)(?::-(?<standard>[^}]*))?}", Pattern.DOTALL);

    private final Map<String, Variable> bySetting = new HashMap<>();

    /** @param file the configuration file before any variable is replaced */
    Variables(JsonNode file) {
        collect("", file);
    }

    private void collect(String path, JsonNode node) {
        node.properties().forEach(member -> collect(SettingPath.member(path, member.getKey()), member.getValue()));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(SettingPath.item(path, i), node.get(i));
        }
        Matcher use = USE.matcher(node.asText());
        if (node.isTextual() && use.matches()) {
            String standard = use.group("standard");
            bySetting.put(path, new Variable(use.group("name"), standard == null ? "" : standard));
        }
    }

    /** The variable that feeds a setting, or the value of which it is a part; null if there is none. */
    @Nullable
    Variable feeding(String setting) {
        for (String path = setting; ; path = path.substring(0, path.lastIndexOf('.'))) {
            Variable variable = bySetting.get(path);
            if (variable != null || path.lastIndexOf('.') < 0) {
                return variable;
            }
        }
    }

    /** @param standard its default; empty if it has none */
    record Variable(String name, String standard) {}
}
