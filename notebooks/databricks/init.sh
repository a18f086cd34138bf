#!/usr/bin/env bash
# Init script of a Databricks cluster with dedicated access: puts the one jar on Spark's class path before Spark starts, which
# spark.sql.extensions needs. Upload it and the jar into a volume; where that is another one than below, say so in the cluster's
# environment: INSTRUCTOR_JAR=/Volumes/…/instructor-spark-assembly_2.13-0.1.0-linux-x86_64.jar. Not run by us on Databricks.
set -euo pipefail

jar=${INSTRUCTOR_JAR:-/Volumes/main/default/instructor_spark/instructor-spark-assembly_2.13-0.1.0-linux-x86_64.jar}
folder=${INSTRUCTOR_SPARK_JARS:-/databricks/jars}

[ -f "$jar" ] || { echo "init.sh: there is no $jar; upload it, or set INSTRUCTOR_JAR" >&2; exit 1; }
rm -f "$folder"/instructor-spark-assembly_*.jar
cp "$jar" "$folder"
