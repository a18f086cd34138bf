"""
Reads what describes places, and says what does not hold together: ROOT JAR. Settings have a reason each; those of EMR are the same
in both forms; JSON and YAML parse; names in the image, the steps and the pod are those that the jar and the settings have.
"""

import json
import re
import sys
from pathlib import Path

import yaml

root, jar = Path(sys.argv[1]), Path(sys.argv[2])
failures = []


def check(sentence, *wrong):
    wrong = [str(one) for one in wrong if one]
    print(f"ok    {sentence}" if not wrong else f"FAIL  {sentence}: {'; '.join(wrong)}")
    failures.extend(wrong)


def settings(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split(None, 1) for line in lines)


def without_reason(path):
    """Settings, commented out or not, that no sentence stands directly above."""
    setting = re.compile(r"(# )?spark\.[\w.]+\s+\S+$")
    lines = ["", *path.read_text().splitlines()]
    return [line for above, line in zip(lines, lines[1:]) if setting.match(line) and (not above.startswith("# ") or setting.match(above))]


confs = sorted((root / "conf").glob("spark-defaults*.conf"))
check(f"each setting of {len(confs)} files of settings has its reason", *[f"{p.name}: {line}" for p in confs for line in without_reason(p)])
check("and is named once", *[p.name for p in confs if len(settings(p)) != sum(1 for line in p.read_text().splitlines() if line[:5] == "spark")])

emr = settings(root / "conf/spark-defaults-emr.conf")
# for every application of a cluster, also those that have no jar
del emr["spark.plugins"]
deploy = root / "deploy"
configurations = {one["Classification"]: one["Properties"] for one in json.loads((deploy / "emr/configurations.json").read_text())}
check("EMR's settings are the same in both forms", {*emr.items()} ^ {*configurations["spark-defaults"].items()})
check("and YARN there counts cores", "DominantResourceCalculator" not in configurations["capacity-scheduler"]["yarn.scheduler.capacity.resource-calculator"])
bootstrap = (deploy / "emr/bootstrap.sh").read_text()
check(
    "bootstrap.sh makes the folders that they name",
    *[v for v in emr.values() if v.startswith("/mnt/") and ("$folder/" + v.removeprefix("/mnt/instructor-spark/")) not in bootstrap],
)
version = re.match(r"instructor-spark-assembly_2\.1[23]-(.+)-\w+-\w+\.jar", jar.name)[1]
for name, scala in {"steps-emr-7.json": "2.12", "steps-emr-spark-8.json": "2.13"}.items():
    [step] = json.loads((deploy / "emr" / name).read_text())
    named = f"instructor-spark-assembly_{scala}-{version}-linux-x86_64.jar"
    check(f"{name} runs the jar for Scala {scala}", step["Jar"] != "command-runner.jar", not any(a.endswith(named) for a in step["Args"]))

spark = re.search(r"<spark.version>(.+)</spark.version>", (root / "pom.xml").read_text())[1]
dockerfile = (deploy / "kubernetes/Dockerfile").read_text()
check(f"the image is of Spark {spark}", f"FROM apache/spark:{spark}-scala2.13-java17" not in dockerfile)
check("and has the jar where submit looks", "/opt/instructor-spark/instructor-spark.jar" not in dockerfile or "local:///opt/instructor-spark/instructor-spark.jar" not in (root / "scripts/submit").read_text())
kubernetes = settings(root / "conf/spark-defaults-kubernetes.conf")
pod = yaml.safe_load((deploy / "kubernetes/executor-pod.yaml").read_text())
mounts = [mount["mountPath"] for mount in pod["spec"]["containers"][0]["volumeMounts"]]
folders = [kubernetes["spark.executorEnv.DJL_CACHE_DIR"], kubernetes["spark.instructor.cacheDirectory"]]
check("the pod mounts what the settings name", *[f for f in folders if not any(f.startswith(mount + "/") for mount in mounts)])
check("and the image has it", *[f for f in folders if f not in dockerfile])
kinds = [part["kind"] for part in yaml.safe_load_all((deploy / "kubernetes/rbac.yaml").read_text())]
check("the driver's account, role and binding", kinds != ["ServiceAccount", "Role", "RoleBinding"])
extension = settings(root / "conf/spark-defaults-databricks.conf")["spark.sql.extensions"]
check("Databricks gets the extension", extension != "io.instructorspark.spark.InstructorExtensions")
check("init.sh and the notebooks name the jar", *[p.name for p in sorted((root / "notebooks/databricks").iterdir()) if f"instructor-spark-assembly_2.13-{version}-linux-x86_64.jar" not in p.read_text()])
sys.exit(1 if failures else 0)
