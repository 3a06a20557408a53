package dev.backscroll.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Follows what changes for a user.
 * What `ConversationService` says of every method holds here too.
 * The changes of one user are delivered in these ways:
 * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
 * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
 * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
 *   and on another server of the same database;
 * * bookmarkable: every response carries a token, also when nothing happens.
 * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
 * database keeps the order of commits; the server's documentation says which promises go further there.
 * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
 * conversations that are kept; later also for one that an event shows for the first time because it was not listed
 * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
 * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
 * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
 * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
 * event delivers its messages: fetch its history when it is opened.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class EventServiceGrpc {

  private EventServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "backscroll.v1.EventService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.WatchEventsRequest,
      dev.backscroll.v1.WatchEventsResponse> getWatchEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchEvents",
      requestType = dev.backscroll.v1.WatchEventsRequest.class,
      responseType = dev.backscroll.v1.WatchEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.WatchEventsRequest,
      dev.backscroll.v1.WatchEventsResponse> getWatchEventsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.WatchEventsRequest, dev.backscroll.v1.WatchEventsResponse> getWatchEventsMethod;
    if ((getWatchEventsMethod = EventServiceGrpc.getWatchEventsMethod) == null) {
      synchronized (EventServiceGrpc.class) {
        if ((getWatchEventsMethod = EventServiceGrpc.getWatchEventsMethod) == null) {
          EventServiceGrpc.getWatchEventsMethod = getWatchEventsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.WatchEventsRequest, dev.backscroll.v1.WatchEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchEvents"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.WatchEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.WatchEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EventServiceMethodDescriptorSupplier("WatchEvents"))
              .build();
        }
      }
    }
    return getWatchEventsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListEventsRequest,
      dev.backscroll.v1.ListEventsResponse> getListEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListEvents",
      requestType = dev.backscroll.v1.ListEventsRequest.class,
      responseType = dev.backscroll.v1.ListEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListEventsRequest,
      dev.backscroll.v1.ListEventsResponse> getListEventsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListEventsRequest, dev.backscroll.v1.ListEventsResponse> getListEventsMethod;
    if ((getListEventsMethod = EventServiceGrpc.getListEventsMethod) == null) {
      synchronized (EventServiceGrpc.class) {
        if ((getListEventsMethod = EventServiceGrpc.getListEventsMethod) == null) {
          EventServiceGrpc.getListEventsMethod = getListEventsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListEventsRequest, dev.backscroll.v1.ListEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListEvents"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new EventServiceMethodDescriptorSupplier("ListEvents"))
              .build();
        }
      }
    }
    return getListEventsMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static EventServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EventServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EventServiceStub>() {
        @java.lang.Override
        public EventServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EventServiceStub(channel, callOptions);
        }
      };
    return EventServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static EventServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EventServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EventServiceBlockingV2Stub>() {
        @java.lang.Override
        public EventServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EventServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return EventServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static EventServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EventServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EventServiceBlockingStub>() {
        @java.lang.Override
        public EventServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EventServiceBlockingStub(channel, callOptions);
        }
      };
    return EventServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static EventServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<EventServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<EventServiceFutureStub>() {
        @java.lang.Override
        public EventServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new EventServiceFutureStub(channel, callOptions);
        }
      };
    return EventServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Streams the changes in what one user sees from a token on, until the caller ends the stream.
     * The first response comes at once and has no events, so that a watcher has a token from the beginning. When nothing
     * happens, a response without events comes every 10 seconds by default.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`, `RESUME_TOKEN_FOREIGN` for
     * one of another database or of before a restore); `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the last token received. Metadata: the common keys.
     * </pre>
     */
    default void watchEvents(dev.backscroll.v1.WatchEventsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.WatchEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchEventsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns the changes in what one user sees from a token on, as far as there are any now: the same as `WatchEvents`
     * by polling, with the same tokens.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`, `NEGATIVE`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`,
     * `RESUME_TOKEN_FOREIGN` for one of another database or of before a restore).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listEvents(dev.backscroll.v1.ListEventsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListEventsMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service EventService.
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public static abstract class EventServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return EventServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service EventService.
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public static final class EventServiceStub
      extends io.grpc.stub.AbstractAsyncStub<EventServiceStub> {
    private EventServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EventServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EventServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Streams the changes in what one user sees from a token on, until the caller ends the stream.
     * The first response comes at once and has no events, so that a watcher has a token from the beginning. When nothing
     * happens, a response without events comes every 10 seconds by default.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`, `RESUME_TOKEN_FOREIGN` for
     * one of another database or of before a restore); `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the last token received. Metadata: the common keys.
     * </pre>
     */
    public void watchEvents(dev.backscroll.v1.WatchEventsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.WatchEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchEventsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns the changes in what one user sees from a token on, as far as there are any now: the same as `WatchEvents`
     * by polling, with the same tokens.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`, `NEGATIVE`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`,
     * `RESUME_TOKEN_FOREIGN` for one of another database or of before a restore).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listEvents(dev.backscroll.v1.ListEventsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListEventsMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service EventService.
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public static final class EventServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<EventServiceBlockingV2Stub> {
    private EventServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EventServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EventServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Streams the changes in what one user sees from a token on, until the caller ends the stream.
     * The first response comes at once and has no events, so that a watcher has a token from the beginning. When nothing
     * happens, a response without events comes every 10 seconds by default.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`, `RESUME_TOKEN_FOREIGN` for
     * one of another database or of before a restore); `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the last token received. Metadata: the common keys.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.backscroll.v1.WatchEventsResponse>
        watchEvents(dev.backscroll.v1.WatchEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the changes in what one user sees from a token on, as far as there are any now: the same as `WatchEvents`
     * by polling, with the same tokens.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`, `NEGATIVE`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`,
     * `RESUME_TOKEN_FOREIGN` for one of another database or of before a restore).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListEventsResponse listEvents(dev.backscroll.v1.ListEventsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListEventsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service EventService.
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public static final class EventServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<EventServiceBlockingStub> {
    private EventServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EventServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EventServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Streams the changes in what one user sees from a token on, until the caller ends the stream.
     * The first response comes at once and has no events, so that a watcher has a token from the beginning. When nothing
     * happens, a response without events comes every 10 seconds by default.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`, `RESUME_TOKEN_FOREIGN` for
     * one of another database or of before a restore); `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the last token received. Metadata: the common keys.
     * </pre>
     */
    public java.util.Iterator<dev.backscroll.v1.WatchEventsResponse> watchEvents(
        dev.backscroll.v1.WatchEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns the changes in what one user sees from a token on, as far as there are any now: the same as `WatchEvents`
     * by polling, with the same tokens.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`, `NEGATIVE`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`,
     * `RESUME_TOKEN_FOREIGN` for one of another database or of before a restore).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListEventsResponse listEvents(dev.backscroll.v1.ListEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListEventsMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service EventService.
   * <pre>
   * Follows what changes for a user.
   * What `ConversationService` says of every method holds here too.
   * The changes of one user are delivered in these ways:
   * * ordered within a conversation; unique, each once on a stream; reliable, with nothing left out between two tokens;
   * * atomic: the changes that one call makes in one conversation come together, unless they exceed one response;
   * * resumable, from any token whose moment is still in the log (7 days by default), also after a restart of the server
   *   and on another server of the same database;
   * * bookmarkable: every response carries a token, also when nothing happens.
   * Across conversations nothing is lost and nothing is doubled, but there is no order to rely on. A server with a single
   * database keeps the order of commits; the server's documentation says which promises go further there.
   * To keep a copy: read (`GetUserSettings`, `StreamConversations`, and `ListMessages` and `ListMembers` for
   * conversations that are kept; later also for one that an event shows for the first time because it was not listed
   * before), watch from the `resume_token` of the first read, and store the token of each response together with what it
   * changed. When a token is refused with `OUT_OF_RANGE`, begin again. For `RESUME_TOKEN_TOO_OLD` kept history is stale,
   * because deletions and changes may have been missed: fetch it again before showing it. For `RESUME_TOKEN_FOREIGN`
   * discard it: after a restore the same sequence may name another message. While a user has a conversation blocked, no
   * event delivers its messages: fetch its history when it is opened.
   * </pre>
   */
  public static final class EventServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<EventServiceFutureStub> {
    private EventServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected EventServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new EventServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Returns the changes in what one user sees from a token on, as far as there are any now: the same as `WatchEvents`
     * by polling, with the same tokens.
     * Errors: `INVALID_ARGUMENT` (`RESUME_TOKEN_MALFORMED`, `RESUME_TOKEN_MISMATCH` for a token of another user,
     * `NOT_A_RESUME_TOKEN` for a `consistency_token`, `NEGATIVE`); `OUT_OF_RANGE` (`RESUME_TOKEN_TOO_OLD`,
     * `RESUME_TOKEN_FOREIGN` for one of another database or of before a restore).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListEventsResponse> listEvents(
        dev.backscroll.v1.ListEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListEventsMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_WATCH_EVENTS = 0;
  private static final int METHODID_LIST_EVENTS = 1;

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
        case METHODID_WATCH_EVENTS:
          serviceImpl.watchEvents((dev.backscroll.v1.WatchEventsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.WatchEventsResponse>) responseObserver);
          break;
        case METHODID_LIST_EVENTS:
          serviceImpl.listEvents((dev.backscroll.v1.ListEventsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListEventsResponse>) responseObserver);
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
          getWatchEventsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.backscroll.v1.WatchEventsRequest,
              dev.backscroll.v1.WatchEventsResponse>(
                service, METHODID_WATCH_EVENTS)))
        .addMethod(
          getListEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListEventsRequest,
              dev.backscroll.v1.ListEventsResponse>(
                service, METHODID_LIST_EVENTS)))
        .build();
  }

  private static abstract class EventServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    EventServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.backscroll.v1.EventServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("EventService");
    }
  }

  private static final class EventServiceFileDescriptorSupplier
      extends EventServiceBaseDescriptorSupplier {
    EventServiceFileDescriptorSupplier() {}
  }

  private static final class EventServiceMethodDescriptorSupplier
      extends EventServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    EventServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (EventServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new EventServiceFileDescriptorSupplier())
              .addMethod(getWatchEventsMethod())
              .addMethod(getListEventsMethod())
              .build();
        }
      }
    }
    return result;
  }
}
