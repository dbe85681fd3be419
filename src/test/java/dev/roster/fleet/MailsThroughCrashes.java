package dev.roster.fleet;

import static java.util.stream.Collectors.toSet;

import dev.roster.support.mail.MailSink;
import dev.roster.support.mail.MailSink.Mail;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each node of a fleet with mails is killed and restarted in turn, while people register on all nodes. At the moment of
 * the kill, each node is sending as many mails as it can at once. The server has received about half of them, and has
 * confirmed none. One registration of the killed node is {@link KillPoint#BEFORE_COMMIT}, and another one is {@link
 * KillPoint#IN_COMMIT}.
 *
 * <p>The claims of a killed node last for six minutes. The experiment does not wait for that: as an operator can, it
 * sets {@code lease_until} of the claims from before the kill to {@code now()} when no other node has one of them.
 */
final class MailsThroughCrashes implements Experiment {
    /** How many mails a node sends at the same time. */
    private static final int SENDERS = 4;

    private static final String HOST = "roster.example";

    private int kills;
    private int abandoned;

    @Override
    public String title() {
        return "kill -9 and restart of each node in turn, while people register and get mails";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        try (MailSink sink = new MailSink(0)) {
            List<Node> nodes = fleet.startTogether(settings(sink));
            try {
                return run(nodes, sink, length);
            } finally {
                nodes.forEach(Node::close);
            }
        }
    }

    private static Map<String, String> settings(MailSink sink) {
        return Map.of(
                "MAIL", "smtp",
                "MAIL_HOST", "127.0.0.1",
                "MAIL_PORT", Integer.toString(sink.port()),
                "MAIL_TLS", "none",
                "MAIL_FROM", "no-reply@" + HOST,
                "MAIL_LINKS", "https://" + HOST + "/account",
                "EMAIL_VERIFICATION", "optional",
                // Longer than transactions wait for the kill.
                "DATABASE_STATEMENT_TIMEOUT", "9s",
                "DATABASE_SOCKET_TIMEOUT", "10s");
    }

    private List<Finding> run(List<Node> nodes, MailSink sink, Length length) {
        Outgoing outgoing = new Outgoing(nodes.get(0).jdbi());
        KillPoint.addTo(outgoing.database());
        int rounds = length.crashes() * nodes.size();
        int people = length.newcomers() / rounds;
        try (Newcomers newcomers = new Newcomers(nodes, KillPoint.prefixes())) {
            for (int round = 0; round < rounds; round++) {
                sink.hold();
                newcomers.admit(people - people / 3);
                newcomers.awaitRegistered();
                outgoing.awaitClaims(nodes.size() * SENDERS);
                newcomers.admit(people / 3);
                crash(nodes.get(round % nodes.size()), nodes, sink, outgoing);
                newcomers.awaitRegistered();
            }
            outgoing.awaitEnd();
            return findings(outgoing, newcomers, sink.mails());
        }
    }

    private void crash(Node node, List<Node> nodes, MailSink sink, Outgoing outgoing) {
        KillPoint.stop(outgoing.database(), nodes.size() * KillPoint.values().length, node::kill);
        kills++;
        OffsetDateTime lastLease = outgoing.endOfNewLease();
        sink.release();
        node.start();
        node.awaitReady();
        outgoing.awaitClaimsUntil(lastLease, SENDERS);
        abandoned += outgoing.endLeases(lastLease);
    }

    private List<Finding> findings(Outgoing outgoing, Newcomers newcomers, List<Mail> received) {
        Set<Mail> distinct = new HashSet<>(received);
        Set<Mail> written = outgoing.mails(HOST, 1);
        Set<String> people = outgoing.people();
        Set<String> unanswered = new HashSet<>(newcomers.emails(0));
        Set<String> committed = both(unanswered, people);
        List<String> accepted = newcomers.emails(201);
        List<Mail> again = new ArrayList<>(received);
        distinct.forEach(again::remove);
        return List.of(
                Finding.none(
                        accepted.size() + " registrations with 201; without a mail", without(accepted, to(distinct))),
                Finding.right(
                        kills + " kills, each with one registration before its COMMIT and one in it; committed without"
                                + " an answer: " + committed.size(),
                        String.valueOf(kills),
                        committed.size() == kills),
                Finding.none("of these, without a mail", without(committed, to(distinct))),
                Finding.none("users without exactly one mail", outgoing.peopleWithoutOneMail()),
                Finding.none(written.size() + " mails in the outbox; not received", without(written, distinct)),
                Finding.none(received.size() + " mails received; without their row", without(distinct, written)),
                Finding.right(
                        abandoned + " mails that killed nodes were sending; received twice, with the same Message-ID: "
                                + again.size(),
                        "≤ " + abandoned,
                        again.size() <= abandoned),
                Finding.none("received twice, but claimed once", without(again, outgoing.mails(HOST, 2))),
                Finding.none("answers other than 201 and 503", newcomers.faults()));
    }

    private static Set<String> to(Set<Mail> mails) {
        return mails.stream().map(Mail::to).collect(toSet());
    }

    private static <T> Set<T> both(Set<T> some, Set<T> others) {
        return some.stream().filter(others::contains).collect(toSet());
    }

    private static <T> List<T> without(Collection<T> some, Set<T> others) {
        return some.stream().filter(one -> !others.contains(one)).toList();
    }
}
