@NullMarked
package dev.roster.http.body;

import org.jspecify.annotations.NullMarked;
