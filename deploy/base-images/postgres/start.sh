#!/bin/sh
# What postgres's image does at its start: data of the account postgres, and in an empty folder databases by the scripts of /docker-entrypoint-initdb.d.
set -eu

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres "$(dirname "$PGDATA")"
    chmod 700 "$PGDATA"
    exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi

make_databases() {
    secret=$(mktemp)
    printf '%s' "${POSTGRES_PASSWORD:?set it in .env}" >"$secret"
    # shellcheck disable=SC2086 # they are several words
    initdb --username postgres --pwfile "$secret" ${POSTGRES_INITDB_ARGS:-}
    rm "$secret"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    pg_ctl -w -o "-c listen_addresses=" start # nobody comes from outside before all is there
    for script in /docker-entrypoint-initdb.d/*.sh; do
        PGPASSWORD=$POSTGRES_PASSWORD sh "$script"
    done
    pg_ctl -w -m fast stop
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then make_databases; fi
exec "$@"
