/** The texts of mails: a subject, a plain text and an HTML page for each kind. */
@NullMarked
package dev.roster.mail.template;

import org.jspecify.annotations.NullMarked;
