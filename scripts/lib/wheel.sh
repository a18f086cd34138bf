# shellcheck shell=bash
# For scripts that need the Python wheel. They set `root`, the project's folder, and source this.

here=$root/target/python
sources=$root/udfs/src/main/python
property() { sed -n "s:^    <$1>\(.*\)</$1>$:\1:p" "$root/pom.xml"; }
fail() { echo "$(basename "$0"): FAILED: $*" >&2; exit 1; }

mkdir -p "$here"

assembly() { # SPARK: builds the one jar and sets jar; the same for all of Spark 4
  case $1 in 4.*) if [ -n "${jar_4:-}" ]; then jar=$jar_4; return; fi ;; esac
  local dir=$root modules=udfs,spark-job,assembly versions=()
  case $1 in
    3.*)
      dir=$("$root/scripts/versions/copy" "$1-2.12")
      modules=udfs,assembly versions=(-Dspark.version="$1" -Dscala.binary.version=2.12)
      ;;
  esac
  rm -f "$dir"/assembly/target/*.jar
  (cd "$dir" && mvn -B -q -Passembly -Dspotless.check.skip -Dmaven.test.skip -pl "$modules" ${versions[@]+"${versions[@]}"} package)
  jar=$(ls "$dir"/assembly/target/instructor-spark-assembly_*-*-*-*.jar)
  case $1 in 4.*) jar_4=$jar ;; esac
}

wheel() { # JAR: builds the wheel that carries it, and sets wheel
  local folder=$here/wheels/$(basename "$1" .jar)
  rm -rf "$folder"
  mkdir -p "$folder"
  [ -x "$here/tools/bin/pip" ] || python3 -m venv "$here/tools"
  INSTRUCTOR_SPARK_JAR=$1 "$here/tools/bin/pip" wheel -q --no-deps -w "$folder" "$sources" || fail "the wheel cannot be built"
  wheel=$(ls "$folder"/*.whl)
  printf 'ok    %s: %d MB\n' "$(basename "$wheel")" $(($(stat -c %s "$wheel") / 1000000))
}
