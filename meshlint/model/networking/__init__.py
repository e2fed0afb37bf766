"""`networking.istio.io`: where traffic goes and how."""
