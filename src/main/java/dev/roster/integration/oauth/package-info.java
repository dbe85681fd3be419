/** OAuth's endpoints for other services: introspection, revocation and metadata. */
@NullMarked
package dev.roster.integration.oauth;

import org.jspecify.annotations.NullMarked;
