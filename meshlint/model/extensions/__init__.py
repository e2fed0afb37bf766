"""`extensions.istio.io`: code that runs inside the proxy."""
