package dev.roster.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.kubernetes.client.openapi.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests as Kustomize renders them. */
class KubernetesTest {
    /** PostgreSQL's default is 100 connections, of which 3 are for superusers. */
    private static final int POSTGRES_CONNECTIONS = 97;

    /** Those of a node that are in no pool: docs/deploy.md. */
    private static final int SINGLE_CONNECTIONS = 3;

    private static String rendered = "";

    @BeforeAll
    static void render() throws IOException, InterruptedException {
        Command kustomize = Command.run("kubectl", "kustomize", "kubernetes");
        assertThat(kustomize.exitCode()).as(kustomize.output()).isZero();
        rendered = kustomize.output() + "\n---\n" + Files.readString(Path.of("kubernetes/secret.yaml"));
    }

    @Test
    void everyManifestIsOfAKnownKindAndHasNoUnknownField() throws ClassNotFoundException {
        for (JsonObject manifest : manifests(rendered)) {
            validate(manifest);
        }
        assertThat(manifests(rendered).stream()
                        .map(manifest -> text(manifest, "apiVersion") + " " + text(manifest, "kind")))
                .containsExactlyInAnyOrder(
                        "apps/v1 Deployment",
                        "autoscaling/v2 HorizontalPodAutoscaler",
                        "batch/v1 Job",
                        "networking.k8s.io/v1 NetworkPolicy",
                        "policy/v1 PodDisruptionBudget",
                        "v1 ConfigMap",
                        "v1 Namespace",
                        "v1 Secret",
                        "v1 Service");
    }

    /** The test above would notice these mistakes. */
    @ParameterizedTest
    @CsvSource({
        "livenessProbe:, livenesProbe:",
        "maxReplicas: 4, maxReplicas: many",
        "maxReplicas: 4, ''",
        "unhealthyPodEvictionPolicy:, unhealthyPolicy:",
        "podSelector:, podSelektor:",
        "failureThreshold: 60, failureThreshold: []",
        "drop:, drops:",
        "kind: Job, kind: Jobs",
    })
    void mistakesAreDetected(String right, String wrong) {
        assertThat(rendered).contains(right);

        assertThatThrownBy(() -> {
                    for (JsonObject manifest : manifests(rendered.replace(right, wrong))) {
                        validate(manifest);
                    }
                })
                .isInstanceOfAny(
                        IllegalArgumentException.class, JsonParseException.class, ClassNotFoundException.class);
    }

    @Test
    void everySettingExists() throws IOException {
        Set<String> settings = Project.settings();

        assertThat(settings)
                .containsAll(object(one("ConfigMap"), "data").keySet())
                .containsAll(object(one("Secret"), "stringData").keySet());
    }

    /** A node without a database must not be restarted, because a restart would not help. */
    @Test
    void onlyReadinessDependsOnTheDatabase() {
        JsonObject container = container(one("Deployment"));

        assertThat(path(container, "livenessProbe")).isEqualTo("/ping");
        assertThat(path(container, "startupProbe")).isEqualTo("/ping");
        assertThat(path(container, "readinessProbe")).isEqualTo("/healthcheck");
    }

    @Test
    void podIsNotKilledWhileItDrains() throws IOException {
        int drain = seconds(text(settings(), "SHUTDOWN_DELAY"));
        JsonObject readiness = object(container(one("Deployment")), "readinessProbe");
        int noticed = number(readiness, "periodSeconds") * number(readiness, "failureThreshold")
                + number(readiness, "timeoutSeconds");

        assertThat(number(pod(one("Deployment")), "terminationGracePeriodSeconds"))
                .isGreaterThan(drain + Project.graceSeconds());
        assertThat(drain).isGreaterThan(noticed);
    }

    /** During an update there are two pods more: one that starts and one that stops. */
    @Test
    void poolsOfAllPodsFitIntoPostgresql() {
        int connections = SINGLE_CONNECTIONS;
        for (String pool : List.of("COMMAND", "QUERY", "LIST")) {
            connections += Integer.parseInt(text(settings(), "DATABASE_" + pool + "_CONNECTIONS"));
        }
        int pods = number(object(one("HorizontalPodAutoscaler"), "spec"), "maxReplicas")
                + number(object(object(object(one("Deployment"), "spec"), "strategy"), "rollingUpdate"), "maxSurge")
                + 1;

        assertThat(connections * pods).isLessThan(POSTGRES_CONNECTIONS);
    }

    /** A stopping pod does not count for {@code maxSurge}, so Kubernetes would soon stop the next one. */
    @Test
    void onlyOnePodStopsAtATime() throws IOException {
        assertThat(number(object(one("Deployment"), "spec"), "minReadySeconds"))
                .isGreaterThan(seconds(text(settings(), "SHUTDOWN_DELAY")) + Project.graceSeconds());
    }

    /** As the namespace demands: pod-security.kubernetes.io/enforce. */
    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "Job"})
    void podsAreRestricted(String kind) throws IOException {
        JsonObject pod = pod(one(kind));
        JsonObject security = object(container(one(kind)), "securityContext");

        assertThat(object(pod, "securityContext").toString())
                .contains("\"runAsNonRoot\":true")
                .contains("\"runAsUser\":" + Project.uid())
                .contains("\"runAsGroup\":" + Project.uid())
                .contains("\"seccompProfile\":{\"type\":\"RuntimeDefault\"}");
        assertThat(security.toString())
                .contains("\"allowPrivilegeEscalation\":false")
                .contains("\"readOnlyRootFilesystem\":true")
                .contains("\"capabilities\":{\"drop\":[\"ALL\"]}");
        assertThat(pod.get("automountServiceAccountToken").getAsBoolean()).isFalse();
        assertThat(pod.get("enableServiceLinks").getAsBoolean()).isFalse();
        assertThat(object(object(container(one(kind)), "resources"), "limits").keySet())
                .containsExactly("memory");
    }

    @Test
    void selectorsFindThePods() {
        JsonObject server = labels("Deployment");
        JsonObject migration = labels("Job");

        assertThat(server.entrySet())
                .isEqualTo(matchLabels(one("Deployment"), "selector").entrySet())
                .isEqualTo(matchLabels(one("PodDisruptionBudget"), "selector").entrySet())
                .isEqualTo(object(object(one("Service"), "spec"), "selector").entrySet());
        assertThat(matchLabels(one("NetworkPolicy"), "podSelector").entrySet())
                .isNotEmpty()
                .isSubsetOf(server.entrySet())
                .isSubsetOf(migration.entrySet());
        assertThat(migration.entrySet()).isNotEqualTo(server.entrySet());
    }

    @Test
    void policyOpensEachPortToItsOwnNamespace() throws IOException {
        List<String> rules = new ArrayList<>();
        for (JsonElement rule : object(one("NetworkPolicy"), "spec").getAsJsonArray("ingress")) {
            JsonObject from =
                    rule.getAsJsonObject().getAsJsonArray("from").get(0).getAsJsonObject();
            JsonObject port =
                    rule.getAsJsonObject().getAsJsonArray("ports").get(0).getAsJsonObject();
            rules.add(text(object(object(from, "namespaceSelector"), "matchLabels"), "kubernetes.io/metadata.name")
                    + " " + number(port, "port"));
        }

        assertThat(rules)
                .containsExactly(
                        "ingress " + Project.ports().get(0),
                        "monitoring " + Project.ports().get(1));
    }

    @Test
    void portsAreThoseOfTheImage() throws IOException {
        List<Integer> ports = new ArrayList<>();
        container(one("Deployment"))
                .getAsJsonArray("ports")
                .forEach(port -> ports.add(number(port.getAsJsonObject(), "containerPort")));

        assertThat(ports).isEqualTo(Project.ports());
    }

    /** Reads it as its class in the client for Java: {@code Deployment} of {@code apps/v1} is {@code V1Deployment}. */
    private static void validate(JsonObject manifest) throws ClassNotFoundException {
        String version = text(manifest, "apiVersion").replaceFirst(".*/", "").toUpperCase(Locale.ROOT);
        Object unused = JSON.getGson()
                .fromJson(
                        manifest,
                        Class.forName("io.kubernetes.client.openapi.models." + version + text(manifest, "kind")));
    }

    private static List<JsonObject> manifests(String yaml) {
        List<JsonObject> manifests = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(manifest ->
                        manifests.add(new Gson().toJsonTree(manifest).getAsJsonObject()));
        return manifests;
    }

    private static JsonObject one(String kind) {
        return manifests(rendered).stream()
                .filter(manifest -> text(manifest, "kind").equals(kind))
                .findAny()
                .orElseThrow(() -> new AssertionError(kind));
    }

    private static JsonObject settings() {
        return object(one("ConfigMap"), "data");
    }

    private static JsonObject pod(JsonObject workload) {
        return object(object(object(workload, "spec"), "template"), "spec");
    }

    private static JsonObject container(JsonObject workload) {
        return pod(workload).getAsJsonArray("containers").get(0).getAsJsonObject();
    }

    private static JsonObject labels(String kind) {
        return object(object(object(object(one(kind), "spec"), "template"), "metadata"), "labels");
    }

    private static JsonObject matchLabels(JsonObject manifest, String selector) {
        return object(object(object(manifest, "spec"), selector), "matchLabels");
    }

    private static String path(JsonObject container, String probe) {
        JsonObject get = object(object(container, probe), "httpGet");
        assertThat(text(get, "port")).isEqualTo("admin");
        return text(get, "path");
    }

    private static JsonObject object(JsonObject parent, String name) {
        return parent.getAsJsonObject(name);
    }

    private static String text(JsonObject parent, String name) {
        return parent.get(name).getAsString();
    }

    private static int number(JsonObject parent, String name) {
        return parent.get(name).getAsInt();
    }

    private static int seconds(String duration) {
        assertThat(duration).matches("[0-9]+s");
        return Integer.parseInt(duration.replace("s", ""));
    }
}
