#!/usr/bin/env bash
# Makes the image's AOT cache, roster.aot: the service runs for a moment and answers some requests, while the JVM
# records which classes it loads, how they are linked, and what runs often. For a stage of the Dockerfile, under
# pg_virtualenv, which provides a PostgreSQL.
set -euo pipefail

export POSTGRES_USER=$PGUSER POSTGRES_PASSWORD=$PGPASSWORD DATABASE_URL=jdbc:postgresql://$PGHOST:$PGPORT/$PGDATABASE
JWT_SECRET_KEY=$(head --bytes=48 /dev/urandom | base64 --wrap=0)
export JWT_SECRET_KEY

jar=/opt/roster/roster.jar # as in the script roster: the JVM compares the paths
java -jar $jar db migrate config.yml

# Heap and collector of a container with 512 MB. Other sizes and collectors can use the cache too, except ZGC.
java -Xmx256m -XX:+UseG1GC -XX:AOTCacheOutput=roster.aot -jar $jar server config.yml > /dev/null &
service=$!
for _ in {1..300}; do
    ! curl --silent --fail --max-time 5 --output /dev/null http://127.0.0.1:8081/healthcheck || break
    kill -0 $service # otherwise the start failed
    sleep 0.2
done

ask() { curl --silent --show-error --fail --max-time 10 --header 'Content-Type: application/json' "$@"; }
api=http://127.0.0.1:8000/api/v1
for name in anna bert carl dora; do
    login="\"email\":\"$name@example.org\",\"password\":\"$name-2000-Kpass\""
    ask $api/auth/register --data "{\"name\":\"$name\",$login}"
    pair=$(ask $api/auth/login --data "{$login}")
    pair=$(ask $api/auth/refresh --data "{$(grep --only-matching '"refresh_token":"[^"]*"' <<< "$pair")}")
    token=$(sed 's/.*"access_token":"\([^"]*\)".*/\1/' <<< "$pair")
    me() { ask --header "Authorization: Bearer $token" "$@"; }
    user=$api/users/$(me $api/users/me | sed 's/.*"id":"\([^"]*\)".*/\1/')
    for _ in {1..25}; do
        me $user $user/sessions "$api/users?q=$name&sort=name"
    done
    me $user --request PUT --data "{\"name\":\"$name again\"}"
    ask --no-fail $api/auth/register --data '{"name":" ","email":"nobody","age":1}'
    ask --no-fail $api/auth/login --data '{"email":"nobody@example.org","password":"wrong"}'
    me $api/auth/logout --request POST
    me --no-fail $api/users/me
done > /dev/null

kill $service
wait $service || [ $? = 143 ] # the exit code of SIGTERM
