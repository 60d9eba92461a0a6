package io.vitessbeam.connect;

import io.grpc.StatusRuntimeException;
import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;

public final class GrpcFailures {
  private GrpcFailures() {}

  public static VitessBeamException streaming(String doing, StatusRuntimeException e) {
    return new TransientException(doing + e, e);
  }
}
