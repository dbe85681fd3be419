#!/usr/bin/env bash
# Starts the replica, with the server's command line as arguments. Where there is no data yet, clones the primary first.
set -euo pipefail

primary='host=db user=replicator application_name=replica'
slot=replica

# Runs a command of the replication protocol on the primary.
on_primary() {
  psql --no-psqlrc --set=ON_ERROR_STOP=1 --tuples-only --no-align --dbname="$primary replication=true" --command="$1"
}

if [ -z "$(ls -A "$PGDATA" 2> /dev/null)" ]; then
  export PGPASSWORD=$POSTGRES_PASSWORD

  # The slot of a clone that is gone, or was not finished, is of no use to this one. Where another clone still streams
  # from it, this fails.
  if [ "$(on_primary "READ_REPLICATION_SLOT $slot" | cut -d'|' -f1)" = physical ]; then
    on_primary "DROP_REPLICATION_SLOT $slot"
  fi

  # Beside its place, and then moved there: a clone that was cut off is never taken for a whole one. What -R writes down
  # to follow the primary has the password, in a file that only this user can read.
  unfinished=$PGDATA.unfinished
  rm -rf "$unfinished"
  mkdir -p "$(dirname "$PGDATA")"
  pg_basebackup --dbname="$primary" --pgdata="$unfinished" --write-recovery-conf --create-slot --slot="$slot" \
    --wal-method=stream --checkpoint=fast
  mv -T "$unfinished" "$PGDATA"

  unset PGPASSWORD
fi

exec docker-entrypoint.sh "$@"
