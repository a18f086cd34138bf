"""Says whether the one jar holds what it must, and nothing that Spark brings: JAR."""

import re
import sys
import zipfile
from pathlib import Path

path = Path(sys.argv[1])
scala, version, platform = re.fullmatch(r"instructor-spark-assembly_([\d.]+)-(.+?)-(\w+-\w+)\.jar", path.name).groups()
job = scala != "2.12"
jar = zipfile.ZipFile(path)
names = {info.filename for info in jar.infolist() if not info.is_dir()}
library = {"linux": "lib{}.so", "osx": "lib{}.dylib", "win": "{}.dll"}[platform.split("-")[0]]
failures = []


def check(sentence, missing):
    print(("ok    " if not missing else "FAIL  ") + sentence + ("" if not missing else f": {sorted(missing)[:5]}"))
    failures.extend(missing)


def starting(*prefixes):
    return {name for name in names if name.startswith(prefixes)}


def text(name):
    return jar.read(name).decode() if name in names else ""


SPARKS = (
    "org/apache/spark/", "org/apache/hadoop/", "org/apache/commons/", "org/apache/logging/", "org/slf4j/", "scala/",
    "com/fasterxml/", "com/google/", "org/yaml/", "picocli/",
)
check("nothing of Spark's, nor what it brings or a user's program may", starting(*SPARKS))
OURS = ("ai/djl/", "com/sun/jna/", "io/instructorspark/")
check("no classes but those it lists", {n for n in names if n.endswith(".class") and not n.startswith(OURS)})
check(
    "libtorch, its bridge and the tokenizer for this platform",
    {
        f"pytorch/cpu/{platform}/{library.format('torch_cpu')}",
        f"jnilib/{platform}/cpu/{library.format('djl_torch')}",
        f"native/lib/{platform}/cpu/{library.format('tokenizers')}",
        "native/lib/pytorch.properties", "native/lib/tokenizers.properties", "jnilib/pytorch.properties",
    }
    - names,
)
natives = {n for n in starting("pytorch/", "jnilib/", "native/lib/") if not n.endswith(".properties")}
check("no natives for other platforms", {name for name in natives if f"/{platform}/" not in name})
MINI = "io/instructorspark/models/instructor-mini/"
check(
    "the built-in model and the named instructions",
    {MINI + "modules.json", MINI + "tokenizer.json", MINI + "README.md", "io/instructorspark/text/instructions.yaml"} - names,
)
SCRIPT = "META-INF/resources/webjars/echarts/"
check("the one script that pages carry", starting(SCRIPT) ^ {SCRIPT + "5.5.0/echarts.common.min.js"})
providers = text("META-INF/services/ai.djl.engine.EngineProvider")
check("DJL's engines as services", {n for n in ["ai.djl.pytorch.engine.PtEngineProvider"] if n not in providers})
LICENCES = {"LICENSE", "NOTICE", "THIRD-PARTY.txt", "licenses/PyTorch.txt", "licenses/GPL-3.0.txt", "licenses/GCC-exception-3.1.txt", "licenses/ZRender.txt"}
check("licences", {"META-INF/" + name for name in LICENCES} - names)
PARTS = ["ai.djl:api", "pytorch-native-cpu", "tokenizers", "net.java.dev.jna:jna", "gson", "snakeyaml", "org.webjars:echarts"]
parts = PARTS + (["picocli", "commons-csv"] if job else [])
listed = text("META-INF/THIRD-PARTY.txt")
check("every part in the list of licences", {part for part in parts if part not in listed})
check(
    "no signatures, module descriptors or classes for other Java versions",
    {n for n in names if n.endswith((".SF", ".DSA", ".RSA", "module-info.class")) or n.startswith("META-INF/versions/")},
)
manifest = text("META-INF/MANIFEST.MF")
main = "Main-Class: io.instructorspark.job.Main"
check("the commands as its main class" if job else "no main class", set() if (main in manifest) == job else {manifest})
check("its version in the manifest", set() if f"Implementation-Version: {version}" in manifest else {manifest})
print(f"      {path.name}: {path.stat().st_size / 1e6:.0f} MB, {len(names)} files")
sys.exit(1 if failures else 0)
