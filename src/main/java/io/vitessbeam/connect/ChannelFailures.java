package io.vitessbeam.connect;

import io.vitessbeam.TransientException;
import io.vitessbeam.VitessBeamException;

final class ChannelFailures {
  static VitessBeamException connecting(GrpcAddress address, Throwable e) {
    return new TransientException(address.hostAndPort() + e, e);
  }
}
