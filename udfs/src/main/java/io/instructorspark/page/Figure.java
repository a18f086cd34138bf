package io.instructorspark.page;

/**
 * A number about a map.
 *
 * @param name of the number, the same in every panel that has it
 * @param value as it is to be read, as {@code 0.312}
 * @param explanation what it means, in a sentence
 */
public record Figure(String name, String value, String explanation) {}
