package dev.roster.host;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.id.Ids;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.AutoCloseableManager;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What every {@link Room} plugs into. Rooms are added first; nothing runs before {@link #start}, so a command at a
 * shell can use the same rooms and start none of them. For one thread, except {@link #purge()}.
 */
public final class Host {
    private final Environment environment;
    private final Clock clock;
    private final SecureRandom random;
    private final Ids ids;
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final Counter jobFailures = Counter.builder()
            .name("roster_job_failures")
            .help("Runs of a background job that failed.")
            .labelNames("name")
            .withoutExemplars()
            .register(metrics);
    private final List<Runnable> preparations = new ArrayList<>();
    private final List<StartAction> startActions = new ArrayList<>();
    private final Map<String, HealthCheck> healthChecks = new LinkedHashMap<>();
    private final List<Schedule> schedules = new ArrayList<>();
    private final List<BodyType<?>> bodyTypes = new ArrayList<>();
    private final List<Purge> purges = new ArrayList<>();
    private final List<PersonalData> personalData = new ArrayList<>();

    public Host(Environment environment, Clock clock, SecureRandom random) {
        this.environment = environment;
        this.clock = clock;
        this.random = random;
        this.ids = new Ids(clock, random);
    }

    /** Plugs a room in, and returns it. */
    public <R extends Room> R add(R room) {
        room.plugInto(this);
        return room;
    }

    /** Dropwizard's environment, for rooms that configure Jetty, Jersey or the admin port. */
    public Environment environment() {
        return environment;
    }

    /** The one clock. */
    public Clock clock() {
        return clock;
    }

    /** The one source of secure random numbers. */
    public SecureRandom random() {
        return random;
    }

    /** Makes ids of users and events. */
    public Ids ids() {
        return ids;
    }

    /** Where rooms register their metrics. Prometheus reads them on the admin port. */
    public PrometheusRegistry metrics() {
        return metrics;
    }

    /** Serves a resource, or applies a filter or provider, on the API port. */
    public void jersey(Object component) {
        environment.jersey().register(component);
    }

    /** Closes this when the service stops: the last one managed is closed first. */
    public void manage(AutoCloseable closeable) {
        environment.lifecycle().manage(new AutoCloseableManager(closeable));
    }

    /** Adds a health check. The node is ready while all are healthy. */
    public void health(String name, HealthCheck check) {
        if (healthChecks.put(name, check) != null) {
            throw new IllegalArgumentException("Two health checks are named " + name);
        }
    }

    /**
     * Runs a task again and again from {@link #start} on, first after one interval.
     *
     * @param name the name of its health check, and its label in {@code roster_job_failures}
     * @param interval from the end of one run to the begin of the next
     * @return the job, which counts and logs its failures
     */
    public Job job(String name, Duration interval, Runnable task) {
        Job job = new Job(name, task, jobFailures.labelValues(name));
        health(name, job);
        schedule(name, interval, job);
        return job;
    }

    /** The same for a task that handles its own failures. */
    public void schedule(String name, Duration interval, Runnable task) {
        schedules.add(new Schedule(name, interval, task));
    }

    /** Lets the bodies of requests have members of this type. */
    public void bodyType(BodyType<?> type) {
        bodyTypes.add(type);
    }

    /** The types that rooms have added. */
    public List<BodyType<?>> bodyTypes() {
        return List.copyOf(bodyTypes);
    }

    /** Deletes these rows whenever the service purges. */
    public void purge(Purge purge) {
        purges.add(purge);
    }

    /** Runs every purge now, and returns how many rows it deleted. */
    public int purge() {
        return purges.stream().mapToInt(Purge::run).sum();
    }

    /** Runs the purge of one table now, and returns how many rows it deleted. */
    public int purge(String table) {
        return purges.stream()
                .filter(purge -> purge.table().equals(table))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("No room purges " + table))
                .run();
    }

    /** Adds a member to every export of a person's data. */
    public void personalData(PersonalData data) {
        personalData.add(data);
    }

    /** The members of an export, in the order in which the rooms were added. */
    public List<PersonalData> personalData() {
        return List.copyOf(personalData);
    }

    /** Runs slow work in the background while the service starts. It has ended when {@link #start} returns. */
    public void prepare(Runnable work) {
        preparations.add(work);
    }

    /** Runs an action when the service starts: after those of the rooms before, before the service serves. */
    public void onStart(StartAction action) {
        startActions.add(action);
    }

    /**
     * Starts what the rooms have plugged in.
     *
     * @throws Exception the first failure of a start action
     */
    public void start() throws Exception {
        List<CompletableFuture<Void>> background =
                preparations.stream().map(CompletableFuture::runAsync).toList();
        for (StartAction action : startActions) {
            action.run();
        }
        background.forEach(CompletableFuture::join);
        healthChecks.forEach(environment.healthChecks()::register);
        // Health checks end before what they ask does.
        manage(environment.healthChecks()::shutdown);
        schedules.forEach(this::begin);
    }

    private void begin(Schedule schedule) {
        long millis = schedule.interval().toMillis();
        Future<?> unused = environment
                .lifecycle()
                .scheduledExecutorService(schedule.name(), true)
                .build()
                .scheduleWithFixedDelay(schedule.task(), millis, millis, TimeUnit.MILLISECONDS);
    }

    private record Schedule(String name, Duration interval, Runnable task) {}
}
