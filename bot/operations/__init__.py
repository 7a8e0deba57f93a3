"""What keeps a service running and shows how it does: health, logs, metrics, supervision."""
