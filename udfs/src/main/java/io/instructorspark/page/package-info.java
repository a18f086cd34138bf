/**
 * Pages: HTML files that need nothing else and run nothing but the project's own script.
 *
 * <p>Entry points: {@link io.instructorspark.page.Page}, made of {@link
 * io.instructorspark.page.Section}s; {@link io.instructorspark.page.MapPage}, a map of texts;
 * {@link io.instructorspark.page.PageFile}, the file that a page is written to.
 *
 * <p>Texts are not trusted. They reach a page through one escape for markup and one for data, and a
 * Content-Security-Policy of digests lets no other script or style work.
 *
 * <p>May use: {@code java.*}, Jackson, resources of the class path. Must not use: Spark, DJL, any
 * other package of this project.
 */
package io.instructorspark.page;
