package dev.roster.mail.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the texts of mails from Mustache templates. Thread-safe. */
public final class Templates {
    private static final String LAYOUT = "layout.html";
    private static final Set<String> LAYOUT_VALUES = Set.of("subject", "content");
    private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cntrl}]+");

    private final Map<MailKind, KindTemplates> templates = new EnumMap<>(MailKind.class);
    private final Template layout;

    /**
     * @param folder its files replace built-in templates of the same name
     * @throws dev.roster.settings.StartRefusedException if the folder or one of its templates cannot be used
     */
    public Templates(@Nullable Path folder) {
        TemplateFiles files = new TemplateFiles(folder);
        Mustache.Compiler html = Mustache.compiler().strictSections(true).emptyStringIsFalse(true);
        Mustache.Compiler text = html.escapeHTML(false);
        layout = files.compile(LAYOUT, html, LAYOUT_VALUES);
        for (MailKind kind : MailKind.values()) {
            Set<String> values = kind.templateValues();
            templates.put(
                    kind,
                    new KindTemplates(
                            files.compile(kind.text() + ".subject.txt", text, values),
                            files.compile(kind.text() + ".txt", text, values),
                            files.compile(kind.text() + ".html", html, values)));
        }
        files.refuseUnused();
    }

    /** @param values all values of {@link MailKind#templateValues}; an empty text stands for none */
    public MailText render(MailKind kind, Map<String, String> values) {
        KindTemplates parts = Objects.requireNonNull(templates.get(kind));
        String subject =
                BREAKS.matcher(parts.subject().execute(values)).replaceAll(" ").strip();
        String html = layout.execute(
                Map.of("subject", subject, "content", parts.html().execute(values)));
        return new MailText(subject, parts.text().execute(values), html);
    }

    private record KindTemplates(Template subject, Template text, Template html) {}
}
