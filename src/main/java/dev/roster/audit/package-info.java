/**
 * The audit trail: who did what, and when. Events are recorded in the transaction of the change, sealed in batches
 * soon after, verified on demand, and dropped by month.
 *
 * <p>Two kinds of MAC (HMAC-SHA-256) reveal later changes; only a holder of the key can compute them. The MAC of an
 * event covers its columns: each event is verified by itself, so writers never wait for each other. The MAC of a seal
 * covers the ids and MACs of the events since the previous seal, and the MAC of that seal, so it reveals that one of
 * these was removed or moved.
 *
 * <p>User agents, reasons and actors are free texts. Each has a MAC of its own, so that it can be forgotten when its
 * user is deleted. Ids and client addresses stay until the month is dropped.
 *
 * <p>This package depends on neither the write side nor the read side. Of {@code http} it uses the source of a request
 * only.
 */
@NullMarked
package dev.roster.audit;

import org.jspecify.annotations.NullMarked;
