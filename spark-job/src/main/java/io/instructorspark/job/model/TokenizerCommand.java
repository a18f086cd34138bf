package io.instructorspark.job.model;

import io.instructorspark.checkpoint.TokenizerFile;
import io.instructorspark.job.command.GeneralOptions;
import io.instructorspark.spark.IfExists;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the tokenizer of a new model. */
@Command(
    name = "tokenizer",
    description =
        "Writes a SentencePiece model as the tokenizer of a new T5 model: tokenizer.json, tokenizer_config.json, special_tokens_map.json.",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class TokenizerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--sentencepiece",
      paramLabel = "FILE",
      required = true,
      description =
          "Unigram model that spm_train wrote, as scripts/training/tokenizer calls it: <pad> 0, </s> 1, <unk> 2, nmt_nfkc")
  private Path file;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "folder to write to; made if it is not there")
  private Path output;

  @Option(
      names = "--if-exists",
      paramLabel = "WHAT",
      defaultValue = "error",
      description = "DIR holds a tokenizer: error (default), or overwrite it")
  private IfExists ifExists;

  @Mixin private GeneralOptions general;

  @Override
  public Integer call() {
    if (ifExists == IfExists.RESUME) {
      throw new ParameterException(
          spec.commandLine(), "--if-exists of tokenizer is error or overwrite, got resume");
    }
    T5TokenizerFiles files = files();
    Map<String, String> contents = files.contents();
    TokenizerFile.require(contents.get("tokenizer.json"), file.toString(), files.rows());
    write(contents);
    if (!general.quiet()) {
      PrintWriter out = spec.commandLine().getOut();
      out.printf("wrote       %s: %,d ids%n", output, files.ids());
      out.printf("config.json \"vocab_size\": %d (the ids up to the next 128)%n", files.rows());
    }
    return 0;
  }

  private T5TokenizerFiles files() {
    try {
      return new T5TokenizerFiles(SentencePieceModel.read(file));
    } catch (SentencePieceException e) {
      throw new SentencePieceException("%s: %s".formatted(file, e.getMessage()), e.getCause());
    }
  }

  private void write(Map<String, String> contents) {
    try {
      Files.createDirectories(output);
      for (String name : contents.keySet()) {
        if (ifExists == IfExists.ERROR && Files.exists(output.resolve(name))) {
          throw new DestinationException(
              "%s is there already; choose another --output, or say --if-exists overwrite"
                  .formatted(output.resolve(name)));
        }
      }
      for (Map.Entry<String, String> content : contents.entrySet()) {
        Files.writeString(
            output.resolve(content.getKey()), content.getValue(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new DestinationException(
          "the tokenizer cannot be written to %s: %s".formatted(output, e), e);
    }
  }
}
