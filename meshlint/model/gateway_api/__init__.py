"""`gateway.networking.k8s.io`: the Kubernetes Gateway API, as far as Istio implements it."""
