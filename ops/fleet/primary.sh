#!/usr/bin/env bash
# Lets the replica in. The postgres image runs this once, while it makes the primary's database.
set -euo pipefail

# psql takes the password from the environment itself, so that no list of processes shows it.
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\getenv password POSTGRES_PASSWORD
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';
SQL

# The image's own line for everybody from anywhere does not hold for replication.
echo 'host replication replicator samenet scram-sha-256' >> "$PGDATA/pg_hba.conf"
