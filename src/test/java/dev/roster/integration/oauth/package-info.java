@NullMarked
package dev.roster.integration.oauth;

import org.jspecify.annotations.NullMarked;
