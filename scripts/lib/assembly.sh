# shellcheck shell=bash
# For scripts that need the one jar, or the Spark that pip installs. They set `root`, the project's folder, and source this.

property() { sed -n "s:^    <$1>\(.*\)</$1>$:\1:p" "$root/pom.xml"; }
fail() { echo "$(basename "$0"): FAILED: $*" >&2; exit 1; }

is_newest() { # FILE: whether it is there, and newer than all that the jar is made of
  [ -f "$1" ] && [ -z "$(cd "$root" && find pom.xml conf LICENSE NOTICE ./*/pom.xml ./*/src/main -newer "$1" -print -quit)" ]
}

assembly() { # SPARK: builds the one jar, the same for all of Spark 4, unless the newest is there, and sets jar
  local dir=$root modules=udfs,spark-job,assembly versions=() made=assembly/target/instructor-spark-assembly_*-*-*-*.jar
  case $1 in
    3.*)
      dir=$("$root/scripts/versions/copy" "$1-2.12")
      modules=udfs,assembly versions=(-Dspark.version="$1" -Dscala.binary.version=2.12)
      ;;
  esac
  # shellcheck disable=SC2086
  jar=$(ls "$dir"/$made 2>/dev/null || true)
  if is_newest "$jar"; then return; fi
  rm -f "$dir"/assembly/target/*.jar
  (cd "$dir" && mvn -B -q -Passembly -Dspotless.check.skip -Dmaven.test.skip -pl "$modules" ${versions[@]+"${versions[@]}"} package)
  # shellcheck disable=SC2086
  jar=$(ls "$dir"/$made)
}

pyspark() { # SPARK: installs it once, and sets spark to where pip has put it, and PYSPARK_PYTHON
  local venv=$root/target/versions/pyspark-$1
  if [ ! -x "$venv/bin/spark-submit" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q "pyspark==$1" || fail "pip cannot install pyspark $1"
  fi
  spark=$("$venv/bin/python" -c 'import pyspark, pathlib; print(pathlib.Path(pyspark.__file__).parent)')
  export PYSPARK_PYTHON=$venv/bin/python
}
