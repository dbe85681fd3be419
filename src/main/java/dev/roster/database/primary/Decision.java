package dev.roster.database.primary;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which host is the primary, by the claims of all. Immutable.
 *
 * @param host the index of the primary; -1 if no host may be used
 * @param claim the claim of the primary when it was chosen; null if none was chosen yet
 * @param timeline the highest timeline that a host of this system has claimed
 * @param reason why no host may be used; empty if one may
 */
record Decision(int host, @Nullable Claim claim, int timeline, String reason) {
    static final Decision NONE = new Decision(-1, null, 0, "no server has answered yet");

    private static final String IN_RECOVERY = "it is read-only: it is a replica, or was not promoted";
    private static final String SUPERSEDED = "its timeline is older than the newest: another server was promoted";

    boolean isOpen() {
        return host >= 0;
    }

    /**
     * The decision after these claims. Among the hosts of the known system that are not in recovery, the highest
     * timeline wins, unless two hosts claim it. A host that is silent loses nothing, because only an answer proves that
     * it is not the primary.
     *
     * @param claims of each host, in their order; null for a host that has not answered lately
     */
    Decision after(List<@Nullable Claim> claims) {
        boolean isOneAddress = claims.size() == 1;
        List<Integer> leaders = new ArrayList<>(IntStream.range(0, claims.size())
                .filter(i -> isLeader(claims.get(i), isOneAddress))
                .boxed()
                .toList());
        if (leaders.isEmpty()) {
            Claim own = isOpen() || isOneAddress ? claims.get(Math.max(host, 0)) : any(claims);
            return own == null ? this : closed(timeline, refusal(own));
        }
        int highest = leaders.stream()
                .mapToInt(i -> claim(claims, i).timeline())
                .max()
                .getAsInt();
        long system = claim(claims, leaders.get(0)).system();
        if (leaders.stream().anyMatch(i -> claim(claims, i).system() != system)) {
            return closed(timeline, "the hosts belong to different database systems");
        }
        leaders.removeIf(i -> claim(claims, i).timeline() < highest);
        int first = leaders.get(0);
        if (leaders.size() > 1) {
            return closed(highest, leaders.size() + " servers claim to be the primary on timeline " + highest);
        }
        return new Decision(first, claim(claims, first), highest, "");
    }

    /** One address may lead to another system, as after a restore. Among several hosts, another system is a mistake. */
    private boolean isLeader(@Nullable Claim of, boolean isOneAddress) {
        if (of == null || of.isInRecovery()) {
            return false;
        }
        return claim == null || (claim.system() == of.system() ? of.timeline() >= timeline : isOneAddress);
    }

    private String refusal(Claim of) {
        if (of.isInRecovery()) {
            return IN_RECOVERY;
        }
        return claim != null && claim.system() != of.system() ? "it is of another database system" : SUPERSEDED;
    }

    private Decision closed(int highest, String why) {
        return new Decision(-1, claim, highest, why);
    }

    private static @Nullable Claim any(List<@Nullable Claim> claims) {
        return claims.stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static Claim claim(List<@Nullable Claim> claims, int index) {
        return Objects.requireNonNull(claims.get(index));
    }
}
