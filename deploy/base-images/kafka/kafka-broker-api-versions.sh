#!/bin/sh
# For the health check: kafka-broker-api-versions.sh --bootstrap-server HOST:PORT. Kafka's own is in none of the jars that a broker needs.
set -eu
cd /opt/kafka/bin
exec python3 -c 'import sys, kafka_protocol as kafka; host, port = sys.argv[1].split(":"); sys.exit(kafka.cluster_id(host, int(port)) is None)' "$2"
