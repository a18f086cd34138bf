#!/usr/bin/env bash
# bootstrap.sh [MODEL]: bootstrap action of an EMR cluster, run on every node before Spark is installed. Makes the folders that
# conf/spark-defaults-emr.conf names, on a disk with room. With MODEL, an s3:// folder, also copies that model to the node, so
# that jobs may name it as /mnt/instructor-spark/model. Not run by us on EMR.
set -euo pipefail

folder=${INSTRUCTOR_FOLDER:-/mnt/instructor-spark}
root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# The users of YARN's containers are not there yet, hence as open as /tmp: not for a cluster that is shared with people whom you
# do not trust, as a model is loaded from what lies here.
root mkdir -p "$folder/natives" "$folder/models"
root chmod 1777 "$folder/natives" "$folder/models"

if [ $# -gt 0 ]; then
  case $1 in
    s3://*) ;;
    *) echo "bootstrap.sh: MODEL is '$1', expected an s3:// folder, as 'model fetch --to' makes it" >&2; exit 2 ;;
  esac
  root mkdir -p "$folder/model"
  root aws s3 cp --recursive --only-show-errors "$1" "$folder/model"
  root chmod -R a+rX "$folder/model"
  [ -f "$folder/model/modules.json" ] || { echo "bootstrap.sh: $1 has no modules.json, so it is no whole checkpoint" >&2; exit 1; }
fi
