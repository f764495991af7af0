#!/bin/sh
# One role and one database per service; nobody else may enter. A second role, which nobody logs in as, owns what a service only adds to. Runs once, when the data folder is empty.
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
    psql -v ON_ERROR_STOP=1 -v name="$1" -v keeper="$1_keeper" -v password="$2" --username postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE ROLE :"keeper" NOLOGIN;
GRANT :"keeper" TO :"name" WITH INHERIT FALSE, SET TRUE;
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

create coding_svc "$CODING_SVC_PASSWORD"
create claim_svc "$CLAIM_SVC_PASSWORD"
create clearinghouse_gw "$CLEARINGHOUSE_GW_PASSWORD"
create remit_svc "$REMIT_SVC_PASSWORD"
create denial_svc "$DENIAL_SVC_PASSWORD"
