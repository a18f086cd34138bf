# shellcheck shell=bash
# For scripts that run code in one session of Scala, SQL and Python, as a notebook has it. They set `root`, the project's folder,
# `spark`, a version, and `out`, a folder for what is made, and source this.

# shellcheck source=scripts/lib/wheel.sh
. "$root/scripts/lib/wheel.sh"

case $spark in 3.*) scala=2.12 numpy='numpy<2' ;; *) scala=2.13 numpy=numpy ;; esac

minutes() { awk -v seconds="$1" 'BEGIN { printf "%.1f", seconds / 60 }'; }

newest_wheel() { # sets wheel if there is one that is newer than all that it is made of
  wheel=$(ls "$here"/wheels/*"_$scala"-*/*.whl 2>/dev/null | sed -n 1p)
  is_newest "$wheel"
}

environment() { # PACKAGE ...: makes the wheel if need be, and sets venv, with PySpark, the wheel and the packages, and jar
  if ! newest_wheel; then # not in one line with && or ||, in which bash goes on after a build that fails
    assembly "$spark"
    wheel "$jar"
  fi
  venv=$here/pyspark-$spark
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install -q "pyspark==$spark" "$numpy" "$@" || fail "pip cannot install $*"
  if [ ! "$venv/wheel" -nt "$wheel" ]; then
    "$venv/bin/pip" install -q --no-deps --force-reinstall "$wheel" || fail "pip cannot install $wheel"
    touch "$venv/wheel"
  fi
  jar=$("$venv/bin/python" -c 'import instructor_spark; print(instructor_spark.jar_path())')
  export PYSPARK_PYTHON=$venv/bin/python
}

scala_helper() { # compiles what drives Scala's interpreter, into $out/classes
  local jars
  jars=$("$venv/bin/python" -c 'import pyspark, pathlib; print(pathlib.Path(pyspark.__file__).parent / "jars")')
  "${JAVA_HOME:+$JAVA_HOME/bin/}javac" -nowarn -cp "$jars/*" -d "$out/classes" \
    "$root/scripts/notebooks/ScalaParagraphs.java" "$root/scripts/notebooks/scala-$scala/Interpreter.java" ||
    fail "ScalaParagraphs.java does not compile"
}
