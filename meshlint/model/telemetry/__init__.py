"""`telemetry.istio.io`: metrics, traces and access logs."""
