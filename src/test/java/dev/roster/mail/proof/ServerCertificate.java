package dev.roster.mail.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The certificate of a server on {@code localhost}.
 *
 * @param truststore has this certificate, and those that the JVM trusts
 */
record ServerCertificate(Path key, Path certificate, Path truststore) {
    private static final String PASSWORD = "changeit";

    /** Makes a certificate, and a truststore as {@code docs/mail.md} says. */
    static ServerCertificate make(Path folder) throws IOException {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("certificate.pem");
        Path truststore = folder.resolve("truststore");
        String unused = Program.run(
                Program.find("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        Path java = Path.of(System.getProperty("java.home"));
        Files.copy(java.resolve("lib/security/cacerts"), truststore);
        unused = Program.run(
                java.resolve("bin/keytool").toString(),
                "-importcert",
                "-noprompt",
                "-alias",
                "mail",
                "-file",
                certificate.toString(),
                "-keystore",
                truststore.toString(),
                "-storepass",
                PASSWORD);
        return new ServerCertificate(key, certificate, truststore);
    }

    /** The environment of a service that trusts the certificate. */
    Map<String, String> variables() {
        return Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Djavax.net.ssl.trustStore=" + truststore + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }
}
