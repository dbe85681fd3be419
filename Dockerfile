FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /build

# This layer caches Maven's downloads; only a changed pom.xml or .mvn repeats them. It builds a placeholder class, because
# dependency:go-offline does not download the compiler's plugins.
COPY .mvn .mvn
COPY pom.xml .
RUN mkdir -p src/main/java/placeholder \
 && echo 'package placeholder; interface Placeholder {}' > src/main/java/placeholder/Placeholder.java \
 && mvn -B -Dmaven.test.skip=true package \
 && rm -r src target

COPY src/main src/main
RUN mvn -B -Dmaven.test.skip=true package


FROM eclipse-temurin:25-jre AS runtime

# Not 1000: that is the base image's own user, and often a person on the host.
RUN groupadd --gid 10001 roster \
 && useradd --uid 10001 --gid roster --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin roster

WORKDIR /opt/roster


# The JVM that will run the service runs it here, to record what a start needs: see train.sh. Only the AOT cache of this
# stage gets into the image.
FROM runtime AS training
RUN apt-get update && apt-get install --yes --no-install-recommends curl postgresql
COPY config.yml ops/image/train.sh ./
COPY --from=build /build/target/roster.jar ./
RUN pg_virtualenv bash train.sh


FROM runtime
COPY LICENSE config.yml ./
COPY --from=build /build/target/roster.jar ./
COPY --from=training /opt/roster/roster.aot ./

USER 10001:10001

# A JVM that cannot use the cache prints a message and starts without it. Here that fails the build.
RUN ["java", "-XX:AOTMode=on", "-XX:AOTCache=roster.aot", "-XX:+UseG1GC", "-jar", "roster.jar", "--version"]

# The API, and the admin port, which listens on the container's loopback unless ADMIN_HOST says otherwise.
EXPOSE 8000 8081

# bash asks, because the base image has neither curl nor wget.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${ADMIN_PORT:-8081} && printf 'GET /healthcheck HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.. 200' <&3"]

# Two malloc arenas: with glibc's eight for each core, the process grows by some 30 MB more.
ENV MALLOC_ARENA_MAX=2

# The heap takes at most half of the container's memory; the rest is for code, threads and buffers. G1 collects old
# objects before the heap is full, so resident memory does not grow under load; the collector that a JVM chooses by
# itself with so little memory waits until it is full. Out of memory, the process exits and is restarted, because a
# thread that failed may have left its work half done. ThreadPriorityPolicy lets hashing give way to everything else;
# PrintWarnings spares the warning that it may need rights, since lowering a priority needs none.
ENTRYPOINT ["java", "-XX:AOTCache=roster.aot", "-XX:MaxRAMPercentage=50", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", \
    "-XX:ThreadPriorityPolicy=1", "-XX:-PrintWarnings", "-jar", "roster.jar"]
CMD ["server", "config.yml"]
