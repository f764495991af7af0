#!/bin/sh
# What apache/kafka does at its start: each KAFKA_* is a setting, and an empty storage is formatted.
set -eu

settings=$(mktemp)
env | sed -n 's/^KAFKA_//p' | while IFS= read -r pair; do
    printf '%s=%s\n' "$(printf '%s' "${pair%%=*}" | tr 'A-Z_' 'a-z.')" "${pair#*=}"
done >"$settings"

kafka() { exec java -Xmx1g -XX:+UseSerialGC -Dorg.apache.logging.log4j.level=INFO -cp '/opt/kafka/libs/*' "$@"; }

if [ ! -f "$KAFKA_LOG_DIRS/meta.properties" ]; then (kafka kafka.tools.StorageTool format -t "$CLUSTER_ID" -c "$settings"); fi
kafka kafka.Kafka "$settings"
