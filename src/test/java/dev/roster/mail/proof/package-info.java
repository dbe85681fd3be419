/**
 * Sends mails through servers that other people wrote, and reads them with another program's parser. {@code mvn verify
 * -Pmail} runs the classes whose names end in {@code Proof}; they need Debian's packages.
 */
@NullMarked
package dev.roster.mail.proof;

import org.jspecify.annotations.NullMarked;
