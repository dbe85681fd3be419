@NullMarked
package dev.roster.http.connection;

import org.jspecify.annotations.NullMarked;
