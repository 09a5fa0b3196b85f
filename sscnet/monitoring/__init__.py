"""What operators see of the running portal: metrics, status, watch, logs."""
