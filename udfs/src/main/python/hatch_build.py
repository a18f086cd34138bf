"""
What the wheel takes from the jar that it carries: version, Scala and platform.

INSTRUCTOR_SPARK_JAR names the jar, ``instructor-spark-assembly_SCALA-VERSION-PLATFORM.jar``, whose
version is the pom's.
"""

import os
import re
from pathlib import Path
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NAME = re.compile(r"instructor-spark-assembly_(\d+\.\d+)-(.+)-(\w+-\w+)\.jar")
TAGS = {
    "linux-x86_64": "linux_x86_64",
    "linux-aarch64": "linux_aarch64",
    "osx-aarch64": "macosx_11_0_arm64",
    "win-x86_64": "win_amd64",
}
PYSPARK = {"2.12": "pyspark>=3.5,<3.6", "2.13": "pyspark>=4.0,<4.2"}


class Jar:
    """The jar that INSTRUCTOR_SPARK_JAR names."""

    def __init__(self) -> None:
        self.path = Path(os.environ.get("INSTRUCTOR_SPARK_JAR", ""))
        named = NAME.fullmatch(self.path.name)
        if named is None or not self.path.is_file():
            raise ValueError(
                f"INSTRUCTOR_SPARK_JAR is '{self.path}', expected the one jar of the project, "
                "instructor-spark-assembly_SCALA-VERSION-PLATFORM.jar; scripts/check-python builds it"
            )
        self.scala, self.version, self.platform = named.groups()


class CustomMetadataHook(MetadataHookInterface):
    """Version, and the Spark that the jar is for."""

    def update(self, metadata: Dict[str, Any]) -> None:
        jar = Jar()
        public = re.sub(r"-SNAPSHOT$", ".dev0", jar.version)
        metadata["version"] = f"{public}+scala{jar.scala}"
        metadata["optional-dependencies"] = {"spark": [PYSPARK[jar.scala]]}


class CustomBuildHook(BuildHookInterface):
    """The jar and the licence."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        jar = Jar()
        root = Path(self.root).parents[3]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TAGS[jar.platform]}"
        build_data["force_include"] = {
            str(jar.path): f"instructor_spark/jars/{jar.path.name}",
            str(root / "LICENSE"): "instructor_spark/LICENSE",
            str(root / "NOTICE"): "instructor_spark/NOTICE",
        }
