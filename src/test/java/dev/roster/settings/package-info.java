@NullMarked
package dev.roster.settings;

import org.jspecify.annotations.NullMarked;
