"""The bus: its port, Kafka behind it, and a stand-in for tests."""
