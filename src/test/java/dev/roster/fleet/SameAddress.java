package dev.roster.fleet;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.roster.support.Concurrently;
import dev.roster.support.http.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many clients register the same e-mail address on all nodes at the same moment. */
final class SameAddress implements Experiment {
    private static final int CALLERS = 200;
    private static final Map<Integer, Long> RIGHT = Map.of(201, 1L, 409, CALLERS - 1L);

    @Override
    public String title() {
        return CALLERS + " registrations of one address over three nodes at once";
    }

    @Override
    public List<Finding> run(Fleet fleet, Length length) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            clients.add(fleet.nodes().get(i % fleet.nodes().size()).client());
        }
        for (int round = 0; round < length.registrations(); round++) {
            Request register = Request.post("/api/v1/auth/register", Api.newBody(Api.newEmail()));
            Map<Integer, Long> statuses =
                    Concurrently.run(CALLERS, i -> clients.get(i).send(register).status()).stream()
                            .collect(groupingBy(status -> status, TreeMap::new, counting()));
            if (!statuses.equals(RIGHT)) {
                wrong.add(statuses.toString());
            }
        }
        clients.forEach(Client::close);
        return List.of(Finding.none(
                length.registrations() + " rounds; not exactly one 201 and " + (CALLERS - 1) + " 409", wrong));
    }
}
