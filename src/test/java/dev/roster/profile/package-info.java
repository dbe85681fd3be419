@NullMarked
package dev.roster.profile;

import org.jspecify.annotations.NullMarked;
