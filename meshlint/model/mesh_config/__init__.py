"""The settings of the mesh itself: MeshConfig, MeshNetworks, and IstioOperator, which carries the first."""
