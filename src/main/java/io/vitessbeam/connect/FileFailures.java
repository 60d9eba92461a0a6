package io.vitessbeam.connect;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Why a file that somebody named can't be read, for people. */
public final class FileFailures {

  private FileFailures() {}

  /** A clause, such as "it isn't there". */
  public static String why(Exception failure) {
    if (failure instanceof NoSuchFileException) {
      return "it isn't there";
    }
    if (failure instanceof AccessDeniedException) {
      return "this user may not read it";
    }
    if (failure instanceof CharacterCodingException) {
      return "it isn't text in UTF-8";
    }
    return failure.getMessage();
  }
}
