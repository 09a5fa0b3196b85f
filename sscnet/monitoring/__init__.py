"""What operators see of the running portal: metrics, alarms, logs."""
