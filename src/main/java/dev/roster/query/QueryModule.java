package dev.roster.query;

import dev.roster.database.DatabaseModule;
import dev.roster.feed.ChangeFeed;
import dev.roster.host.Host;
import dev.roster.host.Room;
import dev.roster.key.SecretKey;
import dev.roster.profile.FilterIndexes;
import dev.roster.query.cache.UserCache;
import dev.roster.query.cache.UserChangeListener;
import dev.roster.query.filter.Filters;
import dev.roster.query.list.Cursors;
import dev.roster.query.list.UserListResource;
import dev.roster.query.list.UserLists;
import dev.roster.query.replica.ConsistencyTokenLostFilter;
import dev.roster.query.replica.LostWrites;
import dev.roster.query.replica.ReadCounters;
import dev.roster.query.replica.Reads;
import dev.roster.query.replica.Replica;
import dev.roster.query.replica.ReplicaLagFilter;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read side. */
public final class QueryModule implements Room {
    private static final Logger LOGGER = LoggerFactory.getLogger(QueryModule.class);

    private final DatabaseModule database;
    private final ChangeFeed feed;
    private final FilterIndexes indexes;
    private final UserCache cache;
    private final @Nullable Replica replica;
    private final SessionQueryResource sessions;
    private final UserQueryResource users;
    private final Reads listReads;
    private final Cursors cursors;
    private final UserLists lists;
    private final OperatorReads operatorReads;
    private final Population population;

    /**
     * @param cacheSize how many users are cached; 0 to ask the database each time
     * @param secretKey signs the cursors of lists
     */
    public QueryModule(
            Host host, int cacheSize, Filters filters, SecretKey secretKey, DatabaseModule database, ChangeFeed feed) {
        this.database = database;
        this.feed = feed;
        this.indexes = new FilterIndexes(filters.profile());
        this.cache = new UserCache(cacheSize, host.metrics());
        this.replica = database.hasReplica()
                ? new Replica(database.queries(), database.replicaQueries(), host.metrics())
                : null;
        ReadCounters counters = ReadCounters.register(host.metrics());
        LostWrites lost = new LostWrites(database.watch()::epoch);
        Reads reads = replica == null
                ? new Reads(database.queries(), lost, counters)
                : new Reads(database.queries(), database.replicaQueries(), replica, lost, counters);
        this.listReads = replica == null
                ? new Reads(database.lists(), lost, counters)
                : new Reads(database.lists(), database.replicaLists(), replica, lost, counters);
        UserReads userReads = new UserReads(reads, cache, cacheSize == 0 ? () -> false : feed::isFresh);
        this.users = new UserQueryResource(userReads);
        this.sessions = new SessionQueryResource(reads, userReads);
        this.cursors = new Cursors(secretKey);
        this.lists = new UserLists(listReads, filters, cursors);
        this.operatorReads = new OperatorReads(reads);
        this.population = new Population(database.lists(), Population.MAX_COUNTED, host.metrics());
    }

    private void warnOfMissingIndexes() throws SQLException {
        for (String filter : database.queries().withHandle(handle -> indexes.missing(handle.getConnection()))) {
            LOGGER.warn("Lists with the filter {} read the whole table: run db migrate", filter);
        }
    }

    /** Removes a user from this node's cache: the row has changed, or was deleted. */
    public void changed(UUID userId) {
        cache.changed(userId);
    }

    /** Reads with the connections that are reserved for lists. */
    public Reads listReads() {
        return listReads;
    }

    /** The cursors of all lists. */
    public Cursors cursors() {
        return cursors;
    }

    public UserLists lists() {
        return lists;
    }

    public OperatorReads operatorReads() {
        return operatorReads;
    }

    @Override
    public void plugInto(Host host) {
        database.prepare(SessionQueries.class);
        feed.listen(new UserChangeListener(cache));
        if (replica != null) {
            host.health("replica", replica);
            host.schedule("replica", Replica.INTERVAL, replica);
        }
        host.onStart(this::warnOfMissingIndexes);
        host.onStart(host.job("count", Population.INTERVAL, population)::run);
        host.jersey(new ReplicaLagFilter());
        host.adminJersey(new ReplicaLagFilter());
        host.jersey(new ConsistencyTokenLostFilter());
        host.adminJersey(new ConsistencyTokenLostFilter());
        host.jersey(users);
        host.jersey(sessions);
        host.jersey(new UserListResource(lists));
    }
}
