package dev.roster.failover;

import dev.roster.support.fault.Link;
import dev.roster.support.process.Ports;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One address that leads to the machine whose Patroni says that it is the primary. Ends the sessions of others. */
final class HaProxy {
    private final int port = Ports.free();
    private final Map<Member, List<Link>> links = new LinkedHashMap<>();
    private final Set<Member> lost = new HashSet<>();
    private final Daemon daemon;

    /** Starts it. */
    HaProxy(List<Member> members, Workplace workplace) {
        for (Member member : members) {
            links.put(
                    member,
                    List.of(Link.to(member.url("")), Link.to(member.api().url())));
        }
        String servers = members.stream().map(this::server).collect(Collectors.joining());
        String settings = """
                global
                  maxconn 1000
                defaults
                  mode tcp
                  timeout connect 1s
                  timeout check 1s
                  timeout client 1h
                  timeout server 1h
                listen primary
                  bind 127.0.0.1:%d
                  option httpchk OPTIONS /primary
                  http-check expect status 200
                  default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
                """.formatted(port) + servers;
        daemon = workplace.daemon(
                "haproxy",
                List.of(
                        "haproxy",
                        "-db",
                        "-f",
                        workplace.write("haproxy.cfg", settings).toString()));
        daemon.start();
    }

    private String server(Member member) {
        List<Integer> ports = links(member).stream()
                .map(link -> URI.create(link.url().replace("jdbc:", "")).getPort())
                .toList();
        return "  server %s 127.0.0.1:%d check port %d\n".formatted(member.name(), ports.get(0), ports.get(1));
    }

    private List<Link> links(Member member) {
        return links.getOrDefault(member, List.of());
    }

    /** Lets nothing pass to this machine or from it. */
    void lose(Member member) {
        lost.add(member);
        links(member).forEach(Link::halfOpen);
    }

    /** Ends the faults of the links. */
    void heal() {
        lost.forEach(member -> links(member).forEach(Member::restore));
        lost.clear();
    }

    /** The address of a database. */
    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }
}
