"""What operators see of the running portal: status, watch, logs."""
