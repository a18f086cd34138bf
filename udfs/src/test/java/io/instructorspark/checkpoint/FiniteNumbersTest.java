package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiniteNumbersTest {
  /** More than a block of longs, and no whole number of them. */
  private static final int[] LENGTHS = {1, 2, 3, 7, 8, 9, 31, 9_001};

  @ParameterizedTest
  @CsvSource({
    "F32, 7f800000",
    "F32, ff800000",
    "F32, 7f800001",
    "F32, ffffffff",
    "F32, 7fc00000",
    "F16, 7c00",
    "F16, fc00",
    "F16, 7c01",
    "F16, ffff",
    "BF16, 7f80",
    "BF16, ff80",
    "BF16, 7f81",
    "BF16, ffff"
  })
  void areFoundWhereverTheyStand(ElementType type, String hex) {
    int bits = Integer.parseUnsignedInt(hex, 16);
    for (int length : LENGTHS) {
      for (int at = 0; at < length; at += 1 + length / 40) {
        ByteBuffer numbers = numbers(type, length, type == ElementType.F32 ? 0xff7fffff : 0xfbff);
        put(type, numbers, at, bits);

        assertThat(FiniteNumbers.firstNonFinite(type, numbers)).isEqualTo(at);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 7f7fffff",
    "F32, ff7fffff",
    "F32, 80000000",
    "F32, 00000001",
    "F32, 807fffff",
    "F16, 7bff",
    "F16, fbff",
    "F16, 8000",
    "F16, 03ff",
    "BF16, 7f7f",
    "BF16, ff7f",
    "BF16, 8000",
    "BF16, 807f"
  })
  void areNotSeenAmongTheLargestAndSmallestFiniteOnes(ElementType type, String hex) {
    for (int length : LENGTHS) {
      ByteBuffer numbers = numbers(type, length, Integer.parseUnsignedInt(hex, 16));

      assertThat(FiniteNumbers.firstNonFinite(type, numbers)).isEqualTo(-1);
      assertThat(numbers.position()).isZero();
    }
  }

  private static ByteBuffer numbers(ElementType type, int length, int bits) {
    ByteBuffer numbers = ByteBuffer.allocateDirect(length * type.bytes());
    for (int i = 0; i < length; i++) {
      put(type, numbers, i, bits);
    }
    return numbers;
  }

  private static void put(ElementType type, ByteBuffer numbers, int at, int bits) {
    ByteBuffer bytes = numbers.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (type == ElementType.F32) {
      bytes.putInt(4 * at, bits);
    } else {
      bytes.putShort(2 * at, (short) bits);
    }
  }
}
