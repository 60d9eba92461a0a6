package io.vitessbeam.connect;

import io.vitessbeam.ConfigurationException;
import java.util.Locale;

/** Which tablets of a shard answer; the part after {@code @} of a Vitess target. */
public enum TabletType {
  PRIMARY,
  REPLICA,
  RDONLY;

  static TabletType parse(String text) {
    for (TabletType type : values()) {
      if (type.targetName().equals(text.toLowerCase(Locale.ROOT))) {
        return type;
      }
    }
    throw new ConfigurationException(
        "@" + text + " is no tablet type; use @primary, @replica or @rdonly");
  }

  /** As a Vitess target spells it. */
  public String targetName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
