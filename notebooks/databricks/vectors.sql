-- Databricks notebook source
-- MAGIC %md
-- MAGIC # Vectors in SQL
-- MAGIC
-- MAGIC Reviews become vectors in a table, and questions are answered from it.
-- MAGIC
-- MAGIC **Compute**: access mode *Dedicated*, Databricks Runtime 17.3 LTS (Spark 4.0), processors of x86_64, with the one jar
-- MAGIC `instructor-spark-assembly_2.13-0.1.0-linux-x86_64.jar` from a volume. Not *Standard*, not serverless, no SQL warehouse: these take no
-- MAGIC extension of Spark with native code. A table of vectors that was written here can be read there.
-- MAGIC
-- MAGIC The functions come in one of two ways:
-- MAGIC
-- MAGIC - for all notebooks of the compute: `init.sh` beside this file as its init script, and
-- MAGIC   `spark.sql.extensions io.instructorspark.spark.InstructorExtensions` in its Spark config (`conf/spark-defaults-databricks.conf`);
-- MAGIC - for this notebook: jar and wheel as libraries of the compute, and the next cell. With the first way leave that cell out.
-- MAGIC
-- MAGIC The cells below are run by `scripts/check-submit` in Spark 4.0.1, with a local folder in the volume's place. On Databricks itself: not
-- MAGIC run by us.

-- COMMAND ----------

-- MAGIC %python
-- MAGIC import instructor_spark
-- MAGIC
-- MAGIC instructor_spark.register(spark)

-- COMMAND ----------

DECLARE OR REPLACE VARIABLE volume STRING DEFAULT '/Volumes/main/default/instructor_spark';

-- COMMAND ----------

-- MAGIC %md
-- MAGIC Model and precision are settings of the session. This model comes with the jar; a published one in the volume is named by its folder,
-- MAGIC `/Volumes/…/instructor-large`, and one on the hub by `hf://hkunlp/instructor-large`, where the machines have internet.

-- COMMAND ----------

SET spark.instructor.model = builtin:instructor-mini;

-- COMMAND ----------

DECLARE OR REPLACE VARIABLE statement STRING;

-- COMMAND ----------

SET VARIABLE statement =
  "CREATE OR REPLACE TEMPORARY VIEW reviews USING csv OPTIONS (path '" || volume || "/reviews.csv', header true, multiLine true, escape '\"')";

-- COMMAND ----------

EXECUTE IMMEDIATE statement;

-- COMMAND ----------

SELECT sentiment, count(*) AS reviews FROM reviews GROUP BY sentiment ORDER BY sentiment;

-- COMMAND ----------

-- MAGIC %md
-- MAGIC What it will cost: tokens that the encoder reads. This loads no weights.

-- COMMAND ----------

SELECT
  count(*) AS texts,
  sum(instructor_token_count('Represent the product review for classifying sentiment: ', text)) AS tokens
FROM reviews;

-- COMMAND ----------

DROP TABLE IF EXISTS review_vectors;

-- COMMAND ----------

-- MAGIC %md
-- MAGIC A csv file is read by one task, and would be embedded by one: the hint cuts it into parts. Take some for each core.

-- COMMAND ----------

CREATE TABLE review_vectors AS
SELECT
  id, text, sentiment,
  embedded.vector AS embedding, embedded.token_count, embedded.truncated, embedded.error
FROM (
  SELECT /*+ REPARTITION(16) */
    id, text, sentiment,
    instructor_embedding('Represent the product review for classifying sentiment: ', text) AS embedded
  FROM reviews
);

-- COMMAND ----------

-- MAGIC %md
-- MAGIC A row that has no vector says why.

-- COMMAND ----------

SELECT error, count(*) AS reviews, count(embedding) AS vectors FROM review_vectors GROUP BY error;

-- COMMAND ----------

-- MAGIC %md
-- MAGIC The question's vector is made once for the whole query.

-- COMMAND ----------

SELECT
  id, text, sentiment,
  vector_cosine_similarity(
    embedding, instructor_embed('Represent the product review for classifying sentiment: ', 'It broke after a week.')
  ) AS similarity
FROM review_vectors
ORDER BY similarity DESC
LIMIT 5;

-- COMMAND ----------

-- MAGIC %md
-- MAGIC Permanent views cannot have these functions, which are temporary to Spark; tables and temporary views can.
