# shellcheck shell=bash
# For scripts that run what the build has made. They set `root`, the project's folder, and source this. It sets `java`,
# `dist` (spark/jars: Spark; app: all that is ours but the job's own jar), and builds where nothing is built yet.

script=$(basename "$0")
dist=$root/spark-job/target/dist

fail() { echo "$script: $*" >&2; exit 1; }

# The newest, where several versions were built.
job() { (ls -t "$root"/spark-job/target/instructor-spark-job_*.jar 2>/dev/null || true) | sed -E '/-(sources|tests|javadoc)\.jar$/d' | sed -n 1p; }

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no Java found. Install a JDK 17 and set JAVA_HOME."
version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | sed -n 1p) || true
major=${version#1.} # Java 8 calls itself 1.8
major=${major%%[!0-9]*}
[ "${major:-0}" -ge 17 ] || fail "$java is Java ${version:-of an unknown version}, and Java 17 or later is needed. Install a JDK 17 and set JAVA_HOME."

if [ -z "$(job)" ] || [ ! -d "$dist/app" ]; then
  command -v mvn >/dev/null || fail "not built yet, and Maven is not there to build it. Install Maven 3.8 or later, or run mvn -DskipTests package elsewhere."
  echo "$script: first use, building (some minutes) ..." >&2
  (cd "$root" && mvn -B -q -DskipTests package) >&2 || fail "the build failed; run 'mvn package' in $root to see why."
fi
