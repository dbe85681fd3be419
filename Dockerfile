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
COPY ops/image/roster /usr/local/bin/
COPY --from=build /build/target/roster.jar ./
COPY --from=training /opt/roster/roster.aot ./

# To name the commit: docker build --build-arg REVISION=$(git rev-parse HEAD) .
ARG REVISION=
LABEL org.opencontainers.image.title="Roster" \
      org.opencontainers.image.description="A self-hosted REST service for user accounts." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$REVISION"

USER 10001:10001

# Two malloc arenas: with glibc's eight for each core, the process grows by some 30 MB more.
ENV MALLOC_ARENA_MAX=2

# A JVM that cannot use the cache prints a message and starts without it. Here that fails the build.
RUN export JAVA_TOOL_OPTIONS=-XX:AOTMode=on && roster --version && roster server --help

# The API, and the admin port, which listens on the container's loopback unless ADMIN_HOST says otherwise.
EXPOSE 8000 8081

# bash asks, because the base image has neither curl nor wget.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${ADMIN_PORT:-8081} && printf 'GET /healthcheck HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.. 200' <&3"]

# No entrypoint, so that a command is written alike in `docker run` and `docker exec`: roster list-blocklist config.yml
ENTRYPOINT []
CMD ["roster", "server", "config.yml"]
