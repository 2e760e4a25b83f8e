#!/usr/bin/env bash
# Prints the cmake options by which a release build differs from its preset on this machine: the preset asks for x86-64-v3,
# which a processor without these instructions could not run.
set -euo pipefail
for flag in avx2 bmi2 fma movbe; do
    grep -qw "$flag" /proc/cpuinfo || { echo -DSPILLWAY_MARCH= && exit 0; }
done
