"""`security.istio.io`: who may talk to whom, and how they prove who they are."""
