package dev.roster.password;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import dev.roster.fair.FairPool;
import dev.roster.host.BodyType;
import dev.roster.host.Host;
import dev.roster.host.Room;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.function.IntSupplier;

/** Which passwords people may choose, and how passwords are hashed. */
public final class PasswordModule implements Room {
    private final Supplier<CommonPasswords> commonPasswords;
    private final PasswordPolicy policy;
    private final PasswordHasher hasher;
    private final FairPool hashing;

    public PasswordModule(Host host, PasswordConfiguration configuration) {
        int minimumLength = configuration.minimumLength();
        this.commonPasswords = Suppliers.memoize(() -> CommonPasswords.load(minimumLength));
        this.policy = new PasswordPolicy(minimumLength, commonPasswords);
        this.hasher = new PasswordHasher(configuration.bcryptCost(), host.random());
        this.hashing = configuration.hashingPool();
    }

    public PasswordPolicy policy() {
        return policy;
    }

    public PasswordHasher hasher() {
        return hasher;
    }

    /** The threads that hash for requests. */
    public FairPool hashing() {
        return hashing;
    }

    @Override
    public void plugInto(Host host) {
        host.prepare(() -> {
            CommonPasswords unused = commonPasswords.get(); // loads the lists
        });
        host.bodyType(new BodyType<>(Password.class, Password::new, new Password("")));
        host.bodyType(new BodyType<>(NewPassword.class, policy::parse, new NewPassword(new Password(""))));
        host.manage(hashing);
        measure(host, "roster_hash_waiting", "Requests that wait for a hash thread.", hashing::waiting);
        measure(host, "roster_hash_threads", "Hash threads.", hashing::threads);
        measure(host, "roster_hash_busy_threads", "Hash threads that are hashing.", hashing::busy);
    }

    private static void measure(Host host, String name, String help, IntSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsInt()))
                .register(host.metrics());
    }
}
