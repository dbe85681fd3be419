#!/usr/bin/env bash
# Allows the replica to connect. The postgres image runs this once, when it creates the primary's database.
set -euo pipefail

# psql reads the password from the environment, so that no process list shows it.
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\getenv password POSTGRES_PASSWORD
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';
SQL

# The image's own line for everybody does not apply to replication.
echo 'host replication replicator samenet scram-sha-256' >> "$PGDATA/pg_hba.conf"
