/** Static files of the jar: documents, and the pages of the service with their scripts and styles. */
@NullMarked
package dev.roster.http.file;

import org.jspecify.annotations.NullMarked;
