# shellcheck shell=bash
# For scripts that need the Python wheel. They set `root`, the project's folder, and source this. It sets `here`, the folder
# for what they make, and `sources`, those of the package.

here=$root/target/python
sources=$root/udfs/src/main/python
# shellcheck source=scripts/lib/assembly.sh
. "$root/scripts/lib/assembly.sh"

mkdir -p "$here"

wheel() { # JAR: builds the wheel that carries it, and sets wheel
  local folder=$here/wheels/$(basename "$1" .jar)
  rm -rf "$folder"
  mkdir -p "$folder"
  [ -x "$here/tools/bin/pip" ] || python3 -m venv "$here/tools"
  INSTRUCTOR_SPARK_JAR=$1 "$here/tools/bin/pip" wheel -q --no-deps -w "$folder" "$sources" || fail "the wheel cannot be built"
  wheel=$(ls "$folder"/*.whl)
  printf 'ok    %s: %d MB\n' "$(basename "$wheel")" $(($(stat -c %s "$wheel") / 1000000))
}
