"""What each process counts; `sscnet.monitoring.status` adds it up over all of them."""

from prometheus_client import Counter, Histogram

REQUESTS = Counter("sscnet_requests_total", "Requests answered.", ["view", "status"])
SECONDS = Histogram(
    "sscnet_request_seconds",
    "Seconds until an answer began.",
    ["view"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
