"""What a user runs first."""

import instructor_spark
from instructor_spark import InstructorEmbedder

spark = instructor_spark.session("first vector", conf={"spark.master": "local[2]", "spark.ui.enabled": False})
texts = spark.createDataFrame([("The tent kept us dry.",)], ["text"])
row = InstructorEmbedder(instruction="Represent the product review: ").transform(texts).first()
assert len(row.embedding) == 256 and abs(sum(x * x for x in row.embedding) - 1) < 1e-5
spark.stop()
