package dev.roster.host;

import com.codahale.metrics.health.HealthCheck;
import dev.roster.host.admin.AdminJersey;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The place where every {@link Room} registers its parts. Nothing runs before {@link #start}, so a shell command can
 * add the same rooms without starting them. Not thread-safe, except {@link #purge()}.
 */
public final class Host {
    private final Environment environment;
    private final DatabaseClock clock;
    private final SecureRandom random;
    private final Ids ids;
    private final AdminJersey adminJersey;
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
    private final Set<String> notPersonal = new LinkedHashSet<>();

    /** @param clock this machine's clock */
    public Host(Environment environment, Clock clock, SecureRandom random) {
        this.environment = environment;
        this.clock = new DatabaseClock(clock, System::nanoTime);
        this.random = random;
        this.ids = new Ids(this.clock, random);
        this.adminJersey = new AdminJersey(environment);
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

    /** The clock of the whole service: the database's. */
    public DatabaseClock clock() {
        return clock;
    }

    /** The source of secure random numbers of the whole service. */
    public SecureRandom random() {
        return random;
    }

    /** Makes ids of users and events. */
    public Ids ids() {
        return ids;
    }

    /** The registry for the metrics of all rooms. Prometheus reads them on the admin port. */
    public PrometheusRegistry metrics() {
        return metrics;
    }

    /** Serves a resource, or applies a filter or provider, on the API port. */
    public void jersey(Object component) {
        environment.jersey().register(component);
    }

    /** Serves a resource, or applies a filter or provider, on the admin port: see {@link AdminJersey}. */
    public void adminJersey(Object component) {
        adminJersey.register(component);
    }

    /** The Jersey application of the admin port, for the room that sets up HTTP. */
    public AdminJersey adminJersey() {
        return adminJersey;
    }

    /** Closes an object when the service stops, in reverse order of the calls. */
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
     * Runs a task periodically. The first run is one interval after {@link #start}.
     *
     * @param name the name of its health check, and its label in {@code roster_job_failures}
     * @param interval from the end of one run to the start of the next
     * @return the job, which counts and logs its failures
     */
    public Job job(String name, Duration interval, Runnable task) {
        Job job = new Job(name, task, jobFailures.labelValues(name));
        health(name, job);
        schedule(name, interval, job);
        return job;
    }

    /** Like {@link #job}, for a task that handles its own failures. */
    public void schedule(String name, Duration interval, Runnable task) {
        schedules.add(new Schedule(name, interval, task));
    }

    /** Adds a type for members of request bodies. */
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

    /** Declares that a table holds nothing about a user. */
    public void noPersonalData(String table) {
        notPersonal.add(table);
    }

    /** The tables that hold nothing about a user. */
    public Set<String> notPersonal() {
        return Set.copyOf(notPersonal);
    }

    /** Runs slow work in the background while the service starts. {@link #start} waits for its end. */
    public void prepare(Runnable work) {
        preparations.add(work);
    }

    /** Runs an action at the start, in the order of the calls, before the node accepts requests. */
    public void onStart(StartAction action) {
        startActions.add(action);
    }

    /**
     * Starts the parts that the rooms have registered.
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
        // Stop the health checks before the parts that they check.
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
