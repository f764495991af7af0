#!/bin/sh
# Where no image registry is reachable: makes the images that docker-compose.yml and deploy/Dockerfile begin with, under their names, out of a Debian
# mirror, PyPI and Maven Central; then walks from nothing to the first claim (docs/operations.md).
#
#   deploy/base-images.sh [--dry-run] [images | walk]      both by default; images: as root, with debootstrap
#
# CLAIMSTREAM_ENGINE: docker or podman. CLAIMSTREAM_DEBIAN: the mirror. An image that is there already is kept.
set -eu
cd -- "$(dirname -- "$0")/.."

mirror=${CLAIMSTREAM_DEBIAN:-http://deb.debian.org/debian}
python_image=$(sed -n 's/^FROM \(python:.*\)/\1/p' deploy/Dockerfile)
kafka_image=$(sed -n 's/^ *image: \(apache\/kafka:.*\)/\1/p' docker-compose.yml)
postgres_image=$(sed -n 's/^ *image: \(postgres:.*\)/\1/p' docker-compose.yml)
debian=${python_image##*-}
authorities=/etc/ssl/certs/ca-certificates.crt

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "base-images: $*"
    exit 4
}

# Do it, or only print it.
run() { if $dry; then printf '%s\n' "$*"; else "$@"; fi; }

find_engine() {
    engine=${CLAIMSTREAM_ENGINE:-}
    for each in docker podman; do
        if [ -z "$engine" ] && command -v "$each" >/dev/null 2>&1; then engine=$each; fi
    done
    [ -n "$engine" ] || engine=docker
    $dry || "$engine" version >/dev/null 2>&1 || fail "$engine does not answer; start it, or name another in CLAIMSTREAM_ENGINE"
}

is_there() { ! $dry && "$engine" image inspect "$1" >/dev/null 2>&1; }

images() {
    if is_there "$python_image" && is_there "$kafka_image" && is_there "$postgres_image"; then
        say "the images are there"
        return
    fi
    $dry || command -v debootstrap >/dev/null || fail "debootstrap is missing (Debian: apt install debootstrap)"
    $dry || [ "$(id -u)" = 0 ] || fail "debootstrap wants to be root"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    make_python
    stage
    is_there "$kafka_image" || run "$engine" build --build-arg "BASE=$python_image" --tag "$kafka_image" "$work/kafka"
    is_there "$postgres_image" || run "$engine" build --build-arg "BASE=$python_image" --tag "$postgres_image" "$work/postgres"
}

# Debian with its own Python 3.11, in which pip installs as in the image that this stands for.
make_python() {
    if is_there "$python_image"; then return; fi
    run debootstrap --variant=minbase --include=ca-certificates,python3,python3-pip,python3-venv "$debian" "$work/root" "$mirror"
    run ln -s python3 "$work/root/usr/bin/python"
    run rm -f "$work"/root/usr/lib/python3*/EXTERNALLY-MANAGED
    # PyPI may stand behind somebody whom this machine trusts.
    if [ -f "$authorities" ]; then run cp "$authorities" "$work/root$authorities"; fi
    run tar -C "$work/root" --exclude=./var/cache/apt/archives --exclude=./var/lib/apt/lists --exclude=./dev -cf "$work/root.tar" .
    run "$engine" import --change "ENV SSL_CERT_FILE=$authorities" --change 'CMD ["python3"]' "$work/root.tar" "$python_image"
}

# What the embedded servers run on, beside the files of deploy/base-images.
stage() {
    run ./claimstream --help >/dev/null
    run cp -R deploy/base-images/kafka deploy/base-images/postgres "$work"
    run .venv/bin/python -m claimstream_local_servers.image_parts "$work"
}

# Passwords of its own for who has set none.
make_passwords() {
    if [ -f .env ]; then return; fi
    if $dry; then
        echo "make .env of .env.example, with random passwords"
        return
    fi
    (
        umask 077
        while IFS= read -r line; do
            case $line in
                *=change-me*) printf '%s=%s\n' "${line%%=*}" "$(od -An -tx1 -N18 /dev/urandom | tr -d ' \n')" ;;
                *) printf '%s\n' "$line" ;;
            esac
        done <.env.example >.env
    )
}

walk() {
    make_passwords
    run "$engine" compose --profile simulator up --build --detach
    export CLAIMSTREAM_PROFILE=deploy/compose-profile.toml
    until_ready
    run ./claimstream practice load demo/practice.json
    run ./claimstream post demo/encounters/01-clean-office-visit.json
    see_the_claim
    run ./claimstream audit verify
}

until_ready() {
    for _ in $(seq 30); do
        if run ./claimstream status; then return; fi
        sleep 2
    done
    fail "the services are not ready: $engine compose logs"
}

see_the_claim() {
    claims=http://127.0.0.1:8102/claims
    if $dry; then
        echo "curl $claims until \"headline\":\"paid\""
        return
    fi
    token=$(./claimstream token --role biller)
    for _ in $(seq 60); do
        seen=$(curl --silent --fail --header "Authorization: Bearer $token" "$claims" || true)
        case $seen in *'"headline":"paid"'*)
            printf '%s\n' "$seen"
            return
            ;;
        esac
        sleep 1
    done
    fail "no claim was paid within a minute: $seen"
}

dry=false
if [ "${1:-}" = --dry-run ]; then
    dry=true
    shift
fi
find_engine
case ${1:-both} in
    both)
        images
        walk
        ;;
    images | walk) "$1" ;;
    *) fail "usage: deploy/base-images.sh [--dry-run] [images | walk]" ;;
esac
