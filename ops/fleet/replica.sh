#!/usr/bin/env bash
# Starts the replica; the arguments are the server's command line. If there is no data yet, clones the primary first.
set -euo pipefail

primary='host=db user=replicator application_name=replica'
slot=replica

# Runs a command of the replication protocol on the primary.
on_primary() {
  psql --no-psqlrc --set=ON_ERROR_STOP=1 --tuples-only --no-align --dbname="$primary replication=true" --command="$1"
}

if [ -z "$(ls -A "$PGDATA" 2> /dev/null)" ]; then
  export PGPASSWORD=$POSTGRES_PASSWORD

  # The slot of a clone that is gone or was not finished is useless to this one. If another clone still streams from it,
  # this fails.
  if [ "$(on_primary "READ_REPLICATION_SLOT $slot" | cut -d'|' -f1)" = physical ]; then
    on_primary "DROP_REPLICATION_SLOT $slot"
  fi

  # Cloned beside its final place and moved afterwards, so a clone that was interrupted is never taken for a complete
  # one. The file that -R writes to follow the primary holds the password; only this user can read it.
  unfinished=$PGDATA.unfinished
  rm -rf "$unfinished"
  mkdir -p "$(dirname "$PGDATA")"
  pg_basebackup --dbname="$primary" --pgdata="$unfinished" --write-recovery-conf --create-slot --slot="$slot" \
    --wal-method=stream --checkpoint=fast
  mv -T "$unfinished" "$PGDATA"

  unset PGPASSWORD
fi

exec docker-entrypoint.sh "$@"
