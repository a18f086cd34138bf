package io.instructorspark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.instructorspark.checkpoint.PickleWriter.View;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictPickleTest {
  @Nested
  class Reads {
    @Test
    void aStateDict() {
      byte[] pickle =
          PickleWriter.stateDict()
              .tensor("a", "FloatStorage", "0", 6, View.matrix(2, 3))
              .tensor("b", "BFloat16Storage", "1", 4, View.matrix(4, 1))
              .endStateDict();

      assertThat(read(pickle))
          .containsExactly(
              Map.entry("a", tensor(Dtype.F32, "0", 6, List.of(2L, 3L), List.of(3L, 1L))),
              Map.entry("b", tensor(Dtype.BF16, "1", 4, List.of(4L, 1L), List.of(1L, 1L))));
    }

    @Test
    void parametersAsTheirTensors() {
      byte[] bytes =
          new PickleWriter()
              .proto(2)
              .op('}')
              .text("a")
              .global("torch._utils", "_rebuild_parameter")
              .global("torch._utils", "_rebuild_tensor_v2")
              .op('(', '(')
              .text("storage")
              .global("torch", "HalfStorage")
              .text("0")
              .text("cpu")
              .number(3)
              .op('t', 'Q', 'K', 0, 'K', 3, 0x85, 'K', 1, 0x85, 0x89)
              .orderedDict()
              .op('t', 'R', 0x88)
              .orderedDict()
              .op(0x87, 'R', 's')
              .end();

      assertThat(read(bytes))
          .containsExactly(Map.entry("a", tensor(Dtype.F16, "0", 3, List.of(3L), List.of(1L))));
    }

    @Test
    void anOrderedDictsMetadataWithoutKeepingThem() {
      byte[] pickle =
          new PickleWriter()
              .proto(2)
              .orderedDict()
              .op('}')
              .text("_metadata")
              .orderedDict()
              .op('s', 'b')
              .end();

      assertThat(read(pickle)).isEmpty();
    }

    @Test
    void everyKindOfScalarAndLeavesWhatIsNoTensor() {
      byte[] pickle =
          new PickleWriter()
              .proto(4)
              .op(0x95, 2, 0, 0, 0, 0, 0, 0, 0) // FRAME
              .op('}', 0x94, '(')
              .op(0x8c, 1, 'a', 'N') // SHORT_BINUNICODE, NONE
              .op('K', 1, 'M', 1, 1, 'K', 2, 'G', 0, 0, 0, 0, 0, 0, 0, 0)
              .op(0x8a, 1, 0xff, 0x88) // LONG1, NEWTRUE
              .op(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'b', ']', 'K', 1, 'a') // BINUNICODE8, APPEND
              .op(0x8c, 1, 'c', 'q', 9, ']', '(', 'h', 9, 'h', 9, 'e') // BINPUT, BINGET, APPENDS
              .op(0x8c, 1, 'd', 'r', 9, 1, 0, 0, 'j', 9, 1, 0, 0) // LONG_BINPUT, LONG_BINGET
              .op('u')
              .end();

      assertThat(read(pickle)).isEmpty();
    }
  }

  @Nested
  class Refuses {
    @ParameterizedTest
    @CsvSource({
      "os, system",
      "posix, system",
      "builtins, eval",
      "torch, load",
      "torch._utils, _rebuild_tensor",
      "torch.storage, _load_from_bytes",
      "collections, defaultdict"
    })
    void everyOtherNameWithoutRunningIt(String module, String name) {
      byte[] pickle =
          new PickleWriter()
              .proto(2)
              .global(module, name)
              .text("touch /tmp/executed")
              .op(0x85, 'R')
              .end();

      assertThatThrownBy(() -> read(pickle))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(module + "." + name)
          .hasMessageContaining("refused")
          .hasMessageContaining("weights.bin");
    }

    @Test
    void aNameBuiltOnTheStack() {
      byte[] pickle = new PickleWriter().proto(4).text("os").text("system").op(0x93).end();

      assertThatThrownBy(() -> read(pickle)).hasMessageContaining("os.system");
    }

    @ParameterizedTest
    @ValueSource(chars = {'i', 'o', 0x81, 0x92, 0x82, 'P', 'I', 'S', 'V', 'C', 0x8e, '0', 'd'})
    void instructionsThatNoStateDictNeeds(char opcode) {
      byte[] pickle = new PickleWriter().proto(2).op('N', 'N', opcode).end();

      assertThatThrownBy(() -> read(pickle))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("0x%02x".formatted((int) opcode));
    }

    @Test
    void otherProtocols() {
      assertThatThrownBy(() -> read(new PickleWriter().proto(6).op('}').end()))
          .hasMessageContaining("protocol");
      assertThatThrownBy(() -> read(new PickleWriter().op('}').end()))
          .hasMessageContaining("protocol");
    }

    @Test
    void whatIsNoDictionary() {
      assertThatThrownBy(() -> read(new PickleWriter().proto(2).op(']').end()))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("a Sequence");
    }

    @Test
    void aCallOfAStorage() {
      byte[] pickle =
          new PickleWriter().proto(2).global("torch", "FloatStorage").op(')', 'R').end();

      assertThatThrownBy(() -> read(pickle)).hasMessageContaining("calls torch.FloatStorage");
    }

    @Test
    void containersAsKeys() {
      byte[] pickle = new PickleWriter().proto(2).op('}', ']', 'N', 's').end();

      assertThatThrownBy(() -> read(pickle)).hasMessageContaining("key");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "u",
          "s",
          "t",
          "R",
          "b",
          "Q",
          "q\0",
          "h\1",
          "a",
          "e",
          "(s",
          "X\377\377\377\377"
        })
    void whatIsCutShortOrUnbalanced(String instructions) {
      PickleWriter pickle = new PickleWriter().proto(2);
      instructions.chars().forEach(pickle::op);

      assertThatThrownBy(() -> read(pickle.end())).isInstanceOf(CheckpointException.class);
    }

    @Test
    void aPickleThatEndsInTheMiddle() {
      byte[] whole =
          PickleWriter.stateDict()
              .tensor("a", "FloatStorage", "0", 6, View.matrix(2, 3))
              .endStateDict();

      for (int length = 0; length < whole.length; length++) {
        ByteBuffer start = ByteBuffer.wrap(whole, 0, length);
        assertThatThrownBy(() -> StateDictPickle.read(start, "weights.bin"))
            .isInstanceOf(CheckpointException.class);
      }
    }

    @Test
    void deepNesting() {
      PickleWriter pickle = new PickleWriter().proto(2);
      for (int i = 0; i < 2_000; i++) {
        pickle.op('(');
      }

      assertThatThrownBy(() -> read(pickle.end())).hasMessageContaining("nested");
    }

    @Test
    void aFloodOfValues() {
      PickleWriter pickle = new PickleWriter().proto(2);
      for (int i = 0; i < 1_000_001; i++) {
        pickle.op('}');
      }

      assertThatThrownBy(() -> read(pickle.end())).hasMessageContaining("more values");
    }

    @Test
    void aListThatContainsItselfInAPlaceOfATensor() {
      byte[] pickle =
          new PickleWriter().proto(2).op(']', 'q', 0, 'h', 0, 'a', 'h', 0, 0x86, 'Q').end();

      assertThatThrownBy(() -> read(pickle)).isInstanceOf(CheckpointException.class);
    }
  }

  private static Map<String, TorchTensor> read(byte[] pickle) {
    return StateDictPickle.read(ByteBuffer.wrap(pickle), "weights.bin");
  }

  private static TorchTensor tensor(
      Dtype dtype, String key, long elements, List<Long> shape, List<Long> strides) {
    return new TorchTensor(new TorchStorage(dtype, key, elements), 0, shape, strides);
  }
}
