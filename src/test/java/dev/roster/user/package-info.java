@NullMarked
package dev.roster.user;

import org.jspecify.annotations.NullMarked;
