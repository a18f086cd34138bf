package io.instructorspark.job.metrics;

import java.util.Locale;

/** Numbers of bytes as people read them, in powers of ten. */
public final class ByteCount {
  private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB", "EB"};

  private ByteCount() {}

  /** Three digits and a unit, as {@code 1.34 GB}; below a thousand the bytes themselves. */
  public static String text(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double amount = bytes;
    int unit = -1;
    while (amount >= 999.5) {
      amount /= 1000;
      unit++;
    }
    String digits = amount < 9.995 ? "%.2f" : amount < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits + " %s", amount, UNITS[unit]);
  }
}
