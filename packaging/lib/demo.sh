# Sourced by the quickstart: the stand-in model servers and the example models of packaging/demo.
demoFolder=$root/packaging/demo

demoManifests() { find "$demoFolder" -maxdepth 2 -name '*.yaml' | sort; }
