/** The texts of mails, made of templates. */
@NullMarked
package dev.roster.mail.template;

import org.jspecify.annotations.NullMarked;
