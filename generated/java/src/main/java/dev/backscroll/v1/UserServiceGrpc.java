package dev.backscroll.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps what belongs to a user and to no single conversation.
 * What `ConversationService` says of every method holds here too.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class UserServiceGrpc {

  private UserServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "backscroll.v1.UserService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.GetUnreadSummaryRequest,
      dev.backscroll.v1.GetUnreadSummaryResponse> getGetUnreadSummaryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetUnreadSummary",
      requestType = dev.backscroll.v1.GetUnreadSummaryRequest.class,
      responseType = dev.backscroll.v1.GetUnreadSummaryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.GetUnreadSummaryRequest,
      dev.backscroll.v1.GetUnreadSummaryResponse> getGetUnreadSummaryMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.GetUnreadSummaryRequest, dev.backscroll.v1.GetUnreadSummaryResponse> getGetUnreadSummaryMethod;
    if ((getGetUnreadSummaryMethod = UserServiceGrpc.getGetUnreadSummaryMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getGetUnreadSummaryMethod = UserServiceGrpc.getGetUnreadSummaryMethod) == null) {
          UserServiceGrpc.getGetUnreadSummaryMethod = getGetUnreadSummaryMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.GetUnreadSummaryRequest, dev.backscroll.v1.GetUnreadSummaryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetUnreadSummary"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetUnreadSummaryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetUnreadSummaryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("GetUnreadSummary"))
              .build();
        }
      }
    }
    return getGetUnreadSummaryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.GetUserSettingsRequest,
      dev.backscroll.v1.GetUserSettingsResponse> getGetUserSettingsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetUserSettings",
      requestType = dev.backscroll.v1.GetUserSettingsRequest.class,
      responseType = dev.backscroll.v1.GetUserSettingsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.GetUserSettingsRequest,
      dev.backscroll.v1.GetUserSettingsResponse> getGetUserSettingsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.GetUserSettingsRequest, dev.backscroll.v1.GetUserSettingsResponse> getGetUserSettingsMethod;
    if ((getGetUserSettingsMethod = UserServiceGrpc.getGetUserSettingsMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getGetUserSettingsMethod = UserServiceGrpc.getGetUserSettingsMethod) == null) {
          UserServiceGrpc.getGetUserSettingsMethod = getGetUserSettingsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.GetUserSettingsRequest, dev.backscroll.v1.GetUserSettingsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetUserSettings"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetUserSettingsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetUserSettingsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("GetUserSettings"))
              .build();
        }
      }
    }
    return getGetUserSettingsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateUserSettingsRequest,
      dev.backscroll.v1.UpdateUserSettingsResponse> getUpdateUserSettingsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateUserSettings",
      requestType = dev.backscroll.v1.UpdateUserSettingsRequest.class,
      responseType = dev.backscroll.v1.UpdateUserSettingsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateUserSettingsRequest,
      dev.backscroll.v1.UpdateUserSettingsResponse> getUpdateUserSettingsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateUserSettingsRequest, dev.backscroll.v1.UpdateUserSettingsResponse> getUpdateUserSettingsMethod;
    if ((getUpdateUserSettingsMethod = UserServiceGrpc.getUpdateUserSettingsMethod) == null) {
      synchronized (UserServiceGrpc.class) {
        if ((getUpdateUserSettingsMethod = UserServiceGrpc.getUpdateUserSettingsMethod) == null) {
          UserServiceGrpc.getUpdateUserSettingsMethod = getUpdateUserSettingsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.UpdateUserSettingsRequest, dev.backscroll.v1.UpdateUserSettingsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateUserSettings"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateUserSettingsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateUserSettingsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new UserServiceMethodDescriptorSupplier("UpdateUserSettings"))
              .build();
        }
      }
    }
    return getUpdateUserSettingsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static UserServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceStub>() {
        @java.lang.Override
        public UserServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceStub(channel, callOptions);
        }
      };
    return UserServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static UserServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingV2Stub>() {
        @java.lang.Override
        public UserServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return UserServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static UserServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceBlockingStub>() {
        @java.lang.Override
        public UserServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceBlockingStub(channel, callOptions);
        }
      };
    return UserServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static UserServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<UserServiceFutureStub>() {
        @java.lang.Override
        public UserServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new UserServiceFutureStub(channel, callOptions);
        }
      };
    return UserServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Returns the totals over the user's list. Chat rooms and conversations that are not listed are left out.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void getUnreadSummary(dev.backscroll.v1.GetUnreadSummaryRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUnreadSummaryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetUnreadSummaryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns the user's settings for all conversations. A user who has never set any has the defaults.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void getUserSettings(dev.backscroll.v1.GetUserSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUserSettingsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetUserSettingsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the user's settings for all conversations.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`).
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void updateUserSettings(dev.backscroll.v1.UpdateUserSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateUserSettingsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateUserSettingsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service UserService.
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static abstract class UserServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return UserServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service UserService.
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class UserServiceStub
      extends io.grpc.stub.AbstractAsyncStub<UserServiceStub> {
    private UserServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns the totals over the user's list. Chat rooms and conversations that are not listed are left out.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void getUnreadSummary(dev.backscroll.v1.GetUnreadSummaryRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUnreadSummaryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetUnreadSummaryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns the user's settings for all conversations. A user who has never set any has the defaults.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void getUserSettings(dev.backscroll.v1.GetUserSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUserSettingsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetUserSettingsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the user's settings for all conversations.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`).
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void updateUserSettings(dev.backscroll.v1.UpdateUserSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateUserSettingsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateUserSettingsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service UserService.
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class UserServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<UserServiceBlockingV2Stub> {
    private UserServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns the totals over the user's list. Chat rooms and conversations that are not listed are left out.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetUnreadSummaryResponse getUnreadSummary(dev.backscroll.v1.GetUnreadSummaryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetUnreadSummaryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the user's settings for all conversations. A user who has never set any has the defaults.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetUserSettingsResponse getUserSettings(dev.backscroll.v1.GetUserSettingsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetUserSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's settings for all conversations.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`).
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateUserSettingsResponse updateUserSettings(dev.backscroll.v1.UpdateUserSettingsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateUserSettingsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service UserService.
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class UserServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<UserServiceBlockingStub> {
    private UserServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns the totals over the user's list. Chat rooms and conversations that are not listed are left out.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetUnreadSummaryResponse getUnreadSummary(dev.backscroll.v1.GetUnreadSummaryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetUnreadSummaryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the user's settings for all conversations. A user who has never set any has the defaults.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetUserSettingsResponse getUserSettings(dev.backscroll.v1.GetUserSettingsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetUserSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's settings for all conversations.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`).
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateUserSettingsResponse updateUserSettings(dev.backscroll.v1.UpdateUserSettingsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateUserSettingsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service UserService.
   * <pre>
   * Keeps what belongs to a user and to no single conversation.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class UserServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<UserServiceFutureStub> {
    private UserServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected UserServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new UserServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns the totals over the user's list. Chat rooms and conversations that are not listed are left out.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.GetUnreadSummaryResponse> getUnreadSummary(
        dev.backscroll.v1.GetUnreadSummaryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetUnreadSummaryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns the user's settings for all conversations. A user who has never set any has the defaults.
     * Errors: `INVALID_ARGUMENT`; `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.GetUserSettingsResponse> getUserSettings(
        dev.backscroll.v1.GetUserSettingsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetUserSettingsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the user's settings for all conversations.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`).
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.UpdateUserSettingsResponse> updateUserSettings(
        dev.backscroll.v1.UpdateUserSettingsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateUserSettingsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_GET_UNREAD_SUMMARY = 0;
  private static final int METHODID_GET_USER_SETTINGS = 1;
  private static final int METHODID_UPDATE_USER_SETTINGS = 2;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_GET_UNREAD_SUMMARY:
          serviceImpl.getUnreadSummary((dev.backscroll.v1.GetUnreadSummaryRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUnreadSummaryResponse>) responseObserver);
          break;
        case METHODID_GET_USER_SETTINGS:
          serviceImpl.getUserSettings((dev.backscroll.v1.GetUserSettingsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.GetUserSettingsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_USER_SETTINGS:
          serviceImpl.updateUserSettings((dev.backscroll.v1.UpdateUserSettingsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateUserSettingsResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getGetUnreadSummaryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.GetUnreadSummaryRequest,
              dev.backscroll.v1.GetUnreadSummaryResponse>(
                service, METHODID_GET_UNREAD_SUMMARY)))
        .addMethod(
          getGetUserSettingsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.GetUserSettingsRequest,
              dev.backscroll.v1.GetUserSettingsResponse>(
                service, METHODID_GET_USER_SETTINGS)))
        .addMethod(
          getUpdateUserSettingsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.UpdateUserSettingsRequest,
              dev.backscroll.v1.UpdateUserSettingsResponse>(
                service, METHODID_UPDATE_USER_SETTINGS)))
        .build();
  }

  private static abstract class UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    UserServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.backscroll.v1.UserServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("UserService");
    }
  }

  private static final class UserServiceFileDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier {
    UserServiceFileDescriptorSupplier() {}
  }

  private static final class UserServiceMethodDescriptorSupplier
      extends UserServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    UserServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (UserServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new UserServiceFileDescriptorSupplier())
              .addMethod(getGetUnreadSummaryMethod())
              .addMethod(getGetUserSettingsMethod())
              .addMethod(getUpdateUserSettingsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
