#!/usr/bin/env bash
# Creates Roster's role and database. Patroni runs this once, when it has created the cluster; the argument is the address
# of the server.
set -euo pipefail

# psql reads the password from the environment, so that no process list shows it.
psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname="$1" --set=user="$POSTGRES_USER" --set=database="$POSTGRES_DB" <<'SQL'
\getenv password POSTGRES_PASSWORD
CREATE ROLE :"user" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"user" ENCODING 'UTF8' TEMPLATE template0;
SQL
