/**
 * What is tokenised, before any tokenizer is known: the instruction, the text, and how they are
 * joined.
 *
 * <p>Entry points: {@link io.instructorspark.text.Compatibility} joins an instruction and a text as
 * one of the three reference behaviours does; {@link io.instructorspark.text.InstructionTemplate}
 * builds an instruction from its parts; {@link io.instructorspark.text.NamedInstructions} resolves
 * {@code @name}.
 *
 * <p>May use: {@code java.*} only. Must not use: any other package of this project, Spark, DJL, a
 * YAML or JSON reader, files.
 */
package io.instructorspark.text;
