/**
 * Settings that people write as YAML: read strictly, within bounds, and taken by name and type.
 *
 * <p>Entry point: {@link io.instructorspark.job.yaml.YamlFile#read}, which gives a {@link
 * io.instructorspark.job.yaml.YamlSection}. May use {@code java.*}, SnakeYAML and {@code
 * job.rows}'s spelling. Must not use Spark, or jobs.
 */
package io.instructorspark.job.yaml;
