#!/bin/sh
# One role and one database per service; nobody else may enter. A second role, which nobody logs in as, owns the database: the migrations act in its name. Runs once, when the data folder is empty.
set -eu

# An unset password would let anybody in: nothing is made then, and the container says so.
: "${CODING_SVC_PASSWORD:?set it in .env}" "${CLAIM_SVC_PASSWORD:?set it in .env}" "${CLEARINGHOUSE_GW_PASSWORD:?set it in .env}"
: "${REMIT_SVC_PASSWORD:?set it in .env}" "${DENIAL_SVC_PASSWORD:?set it in .env}"

for password in "$POSTGRES_PASSWORD" "$CODING_SVC_PASSWORD" "$CLAIM_SVC_PASSWORD" "$CLEARINGHOUSE_GW_PASSWORD" "$REMIT_SVC_PASSWORD" "$DENIAL_SVC_PASSWORD"; do
    case $password in
        change-me*) echo "a password in .env is the example's: set your own, remove the volume postgres, and start again" >&2; exit 1 ;;
    esac
done

create() {
    psql -v ON_ERROR_STOP=1 -v name="$1" -v owner="$1_owner" -v password="$2" --username postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE ROLE :"owner" NOLOGIN;
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}

create coding_svc "$CODING_SVC_PASSWORD"
create claim_svc "$CLAIM_SVC_PASSWORD"
create clearinghouse_gw "$CLEARINGHOUSE_GW_PASSWORD"
create remit_svc "$REMIT_SVC_PASSWORD"
create denial_svc "$DENIAL_SVC_PASSWORD"

# `claimstream backup` fetches a base and the log from outside the container, as the administrator, with the password.
echo "host replication postgres all scram-sha-256" >>"$PGDATA/pg_hba.conf"
