package dev.roster.mail.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.samskivert.mustache.MustacheException;
import dev.roster.settings.StartRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TemplatesTest {
    private static final String LINK = "https://accounts.example.org/reset#token=abc_D-9";
    private static final Map<String, String> VALUES =
            Map.of("address", "o'neil&co@example.org", "expires_in", "30 minutes", "link", LINK, "requested", "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void mailsOfEveryKindSayAllTheirValuesInBothParts(MailKind kind) {
        MailText mail = new Templates(null).render(kind, VALUES);

        assertThat(mail.subject()).isNotBlank().doesNotContain("\n", "o'neil", LINK);
        for (String name : kind.templateValues()) {
            String value = String.valueOf(VALUES.get(name));
            assertThat(mail.text()).contains(value);
            assertThat(mail.html()).contains(escaped(value));
        }
    }

    @ParameterizedTest
    @EnumSource
    void htmlHasItsSubjectAsTitleAndLoadsNothing(MailKind kind) {
        MailText mail = new Templates(null).render(kind, VALUES);

        assertThat(mail.html())
                .startsWith("<!doctype html>")
                .contains("<title>" + escaped(mail.subject()) + "</title>", "prefers-color-scheme: dark")
                .doesNotContainPattern("(?i)src=|url\\(|@import|<link|<script|<form|background=");
        assertThat(mail.html().replace(escaped(LINK), "")).doesNotContain("//");
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;").replace("'", "&#39;").replace("=", "&#x3D;");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | " + LINK + " | Somebody asked to change your e-mail address"
                        + " | wants to change | keep your address",
                "'' | " + LINK + " | Your e-mail address was changed | has another e-mail | get your address back",
                "'' | '' | Your e-mail address was changed | has another e-mail | contact the operator"
            })
    void noticeSaysWhetherTheAddressHasChangedAndWhoGivesItBack(
            String requested, String link, String subject, String event, String help) {
        MailText mail = new Templates(null)
                .render(
                        MailKind.EMAIL_CHANGE_NOTICE,
                        Map.of(
                                "address",
                                "ada@example.org",
                                "expires_in",
                                link.isEmpty() ? "" : "7 days",
                                "link",
                                link,
                                "requested",
                                requested));

        assertThat(mail.subject()).isEqualTo(subject);
        assertThat(mail.text()).contains(event, help, "ada@example.org").doesNotContain("\n\n\n", "{{");
        assertThat(mail.html()).contains(event, help, "ada@example.org").doesNotContain("{{");
        assertThat(mail.text().contains("expires in")).isEqualTo(!link.isEmpty());
        assertThat(mail.html().contains("expires in")).isEqualTo(!link.isEmpty());
    }

    @Test
    void plainTextIsWrittenAsItIs() {
        assertThat(new Templates(null).render(MailKind.PASSWORD_RESET, VALUES).text())
                .isEqualTo("""
                        Somebody asked to set a new password for the account of o'neil&co@example.org.

                        If it was you, open this link and choose a new password:

                        https://accounts.example.org/reset#token=abc_D-9

                        The link works once and expires in 30 minutes.

                        If it was not you, ignore this mail. Your password stays as it is.
                        """);
    }

    @Test
    void valuesCannotBecomeHtml() throws IOException {
        write("password_changed.html", "<p>{{address}}</p>");

        MailText mail =
                new Templates(folder).render(MailKind.PASSWORD_CHANGED, Map.of("address", "\"<b>'&@example.org"));

        assertThat(mail.html()).contains("<p>&quot;&lt;b&gt;&#39;&amp;@example.org</p>");
    }

    @Test
    void fileInTheFolderReplacesThatTemplateOnly() throws IOException {
        write("password_reset.txt", "Für {{address}}: {{link}}\n");
        MailText builtIn = new Templates(null).render(MailKind.PASSWORD_RESET, VALUES);

        MailText mail = new Templates(folder).render(MailKind.PASSWORD_RESET, VALUES);

        assertThat(mail.text()).isEqualTo("Für o'neil&co@example.org: " + LINK + "\n");
        assertThat(mail.subject()).isEqualTo(builtIn.subject());
        assertThat(mail.html()).isEqualTo(builtIn.html());
    }

    @Test
    void layoutInTheFolderIsThatOfAllKinds() throws IOException {
        write("layout.html", "<h1>{{subject}}</h1>{{{content}}}");
        write("password_changed.subject.txt", "Pass & word");
        write("password_changed.html", "<p>{{address}}</p>");
        Templates templates = new Templates(folder);

        assertThat(templates.render(MailKind.PASSWORD_CHANGED, VALUES).html())
                .isEqualTo("<h1>Pass &amp; word</h1><p>o&#39;neil&amp;co@example.org</p>");
        assertThat(templates.render(MailKind.PASSWORD_RESET, VALUES).html())
                .startsWith("<h1>Set a new password</h1><p>Somebody asked");
    }

    @Test
    void subjectIsOneLine() throws IOException {
        write("password_reset.subject.txt", "\n Passwort\tneu\r\nBcc: {{address}}\n\n");

        assertThat(new Templates(folder).render(MailKind.PASSWORD_RESET, VALUES).subject())
                .isEqualTo("Passwort neu Bcc: o'neil&co@example.org");
    }

    @Test
    void sectionsAreAllowed() throws IOException {
        write("password_reset.txt", "{{#link}}Open {{.}} as {{address}}{{/link}}{{^link}}No link{{/link}}");

        assertThat(new Templates(folder).render(MailKind.PASSWORD_RESET, VALUES).text())
                .isEqualTo("Open " + LINK + " as o'neil&co@example.org");
    }

    @Test
    void mailWithoutOneOfItsValuesIsNotMade() {
        Templates templates = new Templates(null);

        assertThatThrownBy(() -> templates.render(MailKind.PASSWORD_RESET, Map.of("address", "a@example.org")))
                .isInstanceOf(MustacheException.class)
                .hasMessageContaining("link");
    }

    @Test
    void stringOfATextHidesTheLink() {
        assertThat(new Templates(null).render(MailKind.PASSWORD_RESET, VALUES))
                .hasToString("MailText[subject=Set a new password]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            password_reset.txt | Dear {{name}} | uses name, which is no value of this mail
            password_reset.txt | {{^link}}{{name}}{{/link}} | uses name, which is no value of this mail
            password_reset.txt | {{#name}}x{{/name}} | uses name, which is no value of this mail
            password_reset.txt | {{link.token}} | uses link.token, which is no value of this mail
            password_changed.html | {{link}} | uses link, which is no value of this mail
            layout.html | {{{content}}}{{address}} | uses address, which is no value of this mail
            password_reset.txt | {{>password_changed}} | includes password_changed; a template cannot include another
            password_reset.txt | {{<layout}}{{/layout}} | includes layout; a template cannot include another
            password_reset.txt | Open {{link | has a tag that does not end
            """)
    void templateThatCannotBeUsedStopsTheStart(String file, String content, String reason) throws IOException {
        write(file, content);

        assertThatThrownBy(() -> new Templates(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("MAIL_TEMPLATES: its file " + file + " " + reason);
    }

    @ParameterizedTest
    @CsvSource({"{{#link}}x", "x{{/link}}", "{{}}", "{{{link}}", "{{=x=}}"})
    void malformedTemplateStopsTheStartWithOneLine(String content) throws IOException {
        write("verification.html", content);

        assertThatThrownBy(() -> new Templates(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageStartingWith("MAIL_TEMPLATES: its file verification.html is no template: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void fileThatIsNotTextStopsTheStart() throws IOException {
        Files.write(folder.resolve("password_reset.txt"), new byte[] {'F', (byte) 0xfc, 'r'});

        assertThatThrownBy(() -> new Templates(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("MAIL_TEMPLATES: its file password_reset.txt cannot be read as text in UTF-8");
    }

    @Test
    void misspeltFileStopsTheStart() throws IOException {
        write("password-reset.html", "<p>Hello</p>");

        assertThatThrownBy(() -> new Templates(folder))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("MAIL_TEMPLATES: its file password-reset.html is not named like a template");
    }

    @Test
    void otherFilesAreIgnored() throws IOException {
        write("README.md", "Our mails. {{");
        Files.createDirectory(folder.resolve("..data"));

        assertThat(new Templates(folder).render(MailKind.PASSWORD_RESET, VALUES))
                .isEqualTo(new Templates(null).render(MailKind.PASSWORD_RESET, VALUES));
    }

    @Test
    void missingFolderStopsTheStart() {
        assertThatThrownBy(() -> new Templates(folder.resolve("missing")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("MAIL_TEMPLATES: names no folder that can be read");
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
    }
}
