package io.vitessbeam.pipelines;

import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The options of Beam and of the runners on the class path. */
final class RunnerOptions {

  private RunnerOptions() {}

  /** How each takes a value, by its name. */
  static Map<String, Flag.Value> all() {
    Map<String, Flag.Value> options = new TreeMap<>();
    for (Class<? extends PipelineOptions> type : PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : type.getMethods()) {
        String name = property(method);
        if (name != null) {
          options.put(name, valueOf(method.getReturnType()));
        }
      }
    }
    return options;
  }

  private static String property(Method method) {
    if (method.getParameterCount() > 0 || method.getReturnType() == void.class) {
      return null;
    }
    String name = method.getName();
    if (name.startsWith("get")) {
      return Introspector.decapitalize(name.substring(3));
    }
    return name.startsWith("is") ? Introspector.decapitalize(name.substring(2)) : null;
  }

  private static Flag.Value valueOf(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return Flag.Value.SWITCH;
    }
    boolean many = type.isArray() || Collection.class.isAssignableFrom(type);
    return many ? Flag.Value.LIST : Flag.Value.ONE;
  }
}
