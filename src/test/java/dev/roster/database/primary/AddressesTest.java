package dev.roster.database.primary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void eachHostHasAnAddress() {
        assertThat(Addresses.of(
                        "jdbc:postgresql://a,b:5433,[::1]:5434/roster?targetServerType=primary&sslmode=require"))
                .containsExactly(
                        "jdbc:postgresql://a/roster?sslmode=require",
                        "jdbc:postgresql://b:5433/roster?sslmode=require",
                        "jdbc:postgresql://[::1]:5434/roster?sslmode=require");
    }

    @Test
    void hostThatIsNamedTwiceHasOneAddress() {
        assertThat(Addresses.of("jdbc:postgresql://a,a/roster")).containsExactly("jdbc:postgresql://a/roster");
    }

    @Test
    void targetIsTakenOutOfEveryUrl() {
        assertThat(Addresses.of("jdbc:postgresql://a/roster?sslmode=require&targetServerType=primary"))
                .containsExactly("jdbc:postgresql://a/roster?sslmode=require");
        assertThat(Addresses.of("jdbc:postgresql://a/roster?targetServerType=primary"))
                .containsExactly("jdbc:postgresql://a/roster");
        assertThat(Addresses.of("jdbc:postgresql:roster?targetServerType=any"))
                .containsExactly("jdbc:postgresql:roster");
    }

    @Test
    void urlWithoutHostsStaysAsItIs() {
        assertThat(Addresses.of("jdbc:postgresql:roster")).containsExactly("jdbc:postgresql:roster");
        assertThat(Addresses.of("jdbc:postgresql:///roster?a=b,c")).containsExactly("jdbc:postgresql:///roster?a=b,c");
    }

    @Test
    void onlyThePrimaryIsDemandedByItsName() {
        assertThat(Addresses.demandPrimary("jdbc:postgresql://a,b/roster?targetServerType=primary"))
                .isTrue();
        assertThat(Addresses.demandPrimary("jdbc:postgresql://a,b/roster?x=y&targetServerType=master"))
                .isTrue();
        assertThat(Addresses.demandPrimary("jdbc:postgresql://a,b/roster?targetServerType=preferPrimary"))
                .isFalse();
        assertThat(Addresses.demandPrimary("jdbc:postgresql://a,b/roster?xtargetServerType=primary"))
                .isFalse();
        assertThat(Addresses.demandPrimary("jdbc:postgresql://a,b/roster")).isFalse();
    }
}
