package dev.backscroll.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Sends messages, pages through their history, and deletes them.
 * What `ConversationService` says of every method holds here too.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class MessageServiceGrpc {

  private MessageServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "backscroll.v1.MessageService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.SendMessageRequest,
      dev.backscroll.v1.SendMessageResponse> getSendMessageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SendMessage",
      requestType = dev.backscroll.v1.SendMessageRequest.class,
      responseType = dev.backscroll.v1.SendMessageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.SendMessageRequest,
      dev.backscroll.v1.SendMessageResponse> getSendMessageMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.SendMessageRequest, dev.backscroll.v1.SendMessageResponse> getSendMessageMethod;
    if ((getSendMessageMethod = MessageServiceGrpc.getSendMessageMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getSendMessageMethod = MessageServiceGrpc.getSendMessageMethod) == null) {
          MessageServiceGrpc.getSendMessageMethod = getSendMessageMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.SendMessageRequest, dev.backscroll.v1.SendMessageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SendMessage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.SendMessageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.SendMessageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("SendMessage"))
              .build();
        }
      }
    }
    return getSendMessageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.BatchSendMessagesRequest,
      dev.backscroll.v1.BatchSendMessagesResponse> getBatchSendMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchSendMessages",
      requestType = dev.backscroll.v1.BatchSendMessagesRequest.class,
      responseType = dev.backscroll.v1.BatchSendMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.BatchSendMessagesRequest,
      dev.backscroll.v1.BatchSendMessagesResponse> getBatchSendMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.BatchSendMessagesRequest, dev.backscroll.v1.BatchSendMessagesResponse> getBatchSendMessagesMethod;
    if ((getBatchSendMessagesMethod = MessageServiceGrpc.getBatchSendMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getBatchSendMessagesMethod = MessageServiceGrpc.getBatchSendMessagesMethod) == null) {
          MessageServiceGrpc.getBatchSendMessagesMethod = getBatchSendMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.BatchSendMessagesRequest, dev.backscroll.v1.BatchSendMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchSendMessages"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchSendMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchSendMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("BatchSendMessages"))
              .build();
        }
      }
    }
    return getBatchSendMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ImportMessagesRequest,
      dev.backscroll.v1.ImportMessagesResponse> getImportMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ImportMessages",
      requestType = dev.backscroll.v1.ImportMessagesRequest.class,
      responseType = dev.backscroll.v1.ImportMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ImportMessagesRequest,
      dev.backscroll.v1.ImportMessagesResponse> getImportMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ImportMessagesRequest, dev.backscroll.v1.ImportMessagesResponse> getImportMessagesMethod;
    if ((getImportMessagesMethod = MessageServiceGrpc.getImportMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getImportMessagesMethod = MessageServiceGrpc.getImportMessagesMethod) == null) {
          MessageServiceGrpc.getImportMessagesMethod = getImportMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ImportMessagesRequest, dev.backscroll.v1.ImportMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ImportMessages"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ImportMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ImportMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("ImportMessages"))
              .build();
        }
      }
    }
    return getImportMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesRequest,
      dev.backscroll.v1.ListMessagesResponse> getListMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMessages",
      requestType = dev.backscroll.v1.ListMessagesRequest.class,
      responseType = dev.backscroll.v1.ListMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesRequest,
      dev.backscroll.v1.ListMessagesResponse> getListMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesRequest, dev.backscroll.v1.ListMessagesResponse> getListMessagesMethod;
    if ((getListMessagesMethod = MessageServiceGrpc.getListMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getListMessagesMethod = MessageServiceGrpc.getListMessagesMethod) == null) {
          MessageServiceGrpc.getListMessagesMethod = getListMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListMessagesRequest, dev.backscroll.v1.ListMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMessages"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("ListMessages"))
              .build();
        }
      }
    }
    return getListMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesAroundRequest,
      dev.backscroll.v1.ListMessagesAroundResponse> getListMessagesAroundMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMessagesAround",
      requestType = dev.backscroll.v1.ListMessagesAroundRequest.class,
      responseType = dev.backscroll.v1.ListMessagesAroundResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesAroundRequest,
      dev.backscroll.v1.ListMessagesAroundResponse> getListMessagesAroundMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListMessagesAroundRequest, dev.backscroll.v1.ListMessagesAroundResponse> getListMessagesAroundMethod;
    if ((getListMessagesAroundMethod = MessageServiceGrpc.getListMessagesAroundMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getListMessagesAroundMethod = MessageServiceGrpc.getListMessagesAroundMethod) == null) {
          MessageServiceGrpc.getListMessagesAroundMethod = getListMessagesAroundMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListMessagesAroundRequest, dev.backscroll.v1.ListMessagesAroundResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMessagesAround"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMessagesAroundRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMessagesAroundResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("ListMessagesAround"))
              .build();
        }
      }
    }
    return getListMessagesAroundMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.GetMessageRequest,
      dev.backscroll.v1.GetMessageResponse> getGetMessageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMessage",
      requestType = dev.backscroll.v1.GetMessageRequest.class,
      responseType = dev.backscroll.v1.GetMessageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.GetMessageRequest,
      dev.backscroll.v1.GetMessageResponse> getGetMessageMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.GetMessageRequest, dev.backscroll.v1.GetMessageResponse> getGetMessageMethod;
    if ((getGetMessageMethod = MessageServiceGrpc.getGetMessageMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getGetMessageMethod = MessageServiceGrpc.getGetMessageMethod) == null) {
          MessageServiceGrpc.getGetMessageMethod = getGetMessageMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.GetMessageRequest, dev.backscroll.v1.GetMessageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMessage"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetMessageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetMessageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("GetMessage"))
              .build();
        }
      }
    }
    return getGetMessageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetMessagesRequest,
      dev.backscroll.v1.BatchGetMessagesResponse> getBatchGetMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetMessages",
      requestType = dev.backscroll.v1.BatchGetMessagesRequest.class,
      responseType = dev.backscroll.v1.BatchGetMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetMessagesRequest,
      dev.backscroll.v1.BatchGetMessagesResponse> getBatchGetMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetMessagesRequest, dev.backscroll.v1.BatchGetMessagesResponse> getBatchGetMessagesMethod;
    if ((getBatchGetMessagesMethod = MessageServiceGrpc.getBatchGetMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getBatchGetMessagesMethod = MessageServiceGrpc.getBatchGetMessagesMethod) == null) {
          MessageServiceGrpc.getBatchGetMessagesMethod = getBatchGetMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.BatchGetMessagesRequest, dev.backscroll.v1.BatchGetMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetMessages"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchGetMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchGetMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("BatchGetMessages"))
              .build();
        }
      }
    }
    return getBatchGetMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.StreamMessagesRequest,
      dev.backscroll.v1.StreamMessagesResponse> getStreamMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StreamMessages",
      requestType = dev.backscroll.v1.StreamMessagesRequest.class,
      responseType = dev.backscroll.v1.StreamMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.StreamMessagesRequest,
      dev.backscroll.v1.StreamMessagesResponse> getStreamMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.StreamMessagesRequest, dev.backscroll.v1.StreamMessagesResponse> getStreamMessagesMethod;
    if ((getStreamMessagesMethod = MessageServiceGrpc.getStreamMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getStreamMessagesMethod = MessageServiceGrpc.getStreamMessagesMethod) == null) {
          MessageServiceGrpc.getStreamMessagesMethod = getStreamMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.StreamMessagesRequest, dev.backscroll.v1.StreamMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StreamMessages"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.StreamMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.StreamMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("StreamMessages"))
              .build();
        }
      }
    }
    return getStreamMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteMessagesRequest,
      dev.backscroll.v1.DeleteMessagesResponse> getDeleteMessagesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteMessages",
      requestType = dev.backscroll.v1.DeleteMessagesRequest.class,
      responseType = dev.backscroll.v1.DeleteMessagesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteMessagesRequest,
      dev.backscroll.v1.DeleteMessagesResponse> getDeleteMessagesMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteMessagesRequest, dev.backscroll.v1.DeleteMessagesResponse> getDeleteMessagesMethod;
    if ((getDeleteMessagesMethod = MessageServiceGrpc.getDeleteMessagesMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getDeleteMessagesMethod = MessageServiceGrpc.getDeleteMessagesMethod) == null) {
          MessageServiceGrpc.getDeleteMessagesMethod = getDeleteMessagesMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.DeleteMessagesRequest, dev.backscroll.v1.DeleteMessagesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteMessages"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteMessagesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteMessagesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("DeleteMessages"))
              .build();
        }
      }
    }
    return getDeleteMessagesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ClearHistoryRequest,
      dev.backscroll.v1.ClearHistoryResponse> getClearHistoryMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ClearHistory",
      requestType = dev.backscroll.v1.ClearHistoryRequest.class,
      responseType = dev.backscroll.v1.ClearHistoryResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ClearHistoryRequest,
      dev.backscroll.v1.ClearHistoryResponse> getClearHistoryMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ClearHistoryRequest, dev.backscroll.v1.ClearHistoryResponse> getClearHistoryMethod;
    if ((getClearHistoryMethod = MessageServiceGrpc.getClearHistoryMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getClearHistoryMethod = MessageServiceGrpc.getClearHistoryMethod) == null) {
          MessageServiceGrpc.getClearHistoryMethod = getClearHistoryMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ClearHistoryRequest, dev.backscroll.v1.ClearHistoryResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ClearHistory"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ClearHistoryRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ClearHistoryResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("ClearHistory"))
              .build();
        }
      }
    }
    return getClearHistoryMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListReadersRequest,
      dev.backscroll.v1.ListReadersResponse> getListReadersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListReaders",
      requestType = dev.backscroll.v1.ListReadersRequest.class,
      responseType = dev.backscroll.v1.ListReadersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListReadersRequest,
      dev.backscroll.v1.ListReadersResponse> getListReadersMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListReadersRequest, dev.backscroll.v1.ListReadersResponse> getListReadersMethod;
    if ((getListReadersMethod = MessageServiceGrpc.getListReadersMethod) == null) {
      synchronized (MessageServiceGrpc.class) {
        if ((getListReadersMethod = MessageServiceGrpc.getListReadersMethod) == null) {
          MessageServiceGrpc.getListReadersMethod = getListReadersMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListReadersRequest, dev.backscroll.v1.ListReadersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListReaders"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListReadersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListReadersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new MessageServiceMethodDescriptorSupplier("ListReaders"))
              .build();
        }
      }
    }
    return getListReadersMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static MessageServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MessageServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MessageServiceStub>() {
        @java.lang.Override
        public MessageServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MessageServiceStub(channel, callOptions);
        }
      };
    return MessageServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static MessageServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MessageServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MessageServiceBlockingV2Stub>() {
        @java.lang.Override
        public MessageServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MessageServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return MessageServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static MessageServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MessageServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MessageServiceBlockingStub>() {
        @java.lang.Override
        public MessageServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MessageServiceBlockingStub(channel, callOptions);
        }
      };
    return MessageServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static MessageServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<MessageServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<MessageServiceFutureStub>() {
        @java.lang.Override
        public MessageServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new MessageServiceFutureStub(channel, callOptions);
        }
      };
    return MessageServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Stores one message. The response comes after the message is durable.
     * Sending to a `SINGLE` or `SYSTEM` conversation that does not exist creates it. Sending moves the sender's read
     * position to the message and clears the marks of `MarkConversationUnread`; with `keep_unread` it does neither.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for
     * mentions, `NEGATIVE` for a size); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for a group or chat room to which the
     * sender never belonged; `PERMISSION_DENIED` (`NOT_A_MEMBER` after leaving, `SERVICE_ONLY` for `SYSTEM`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`) if the sender gave the id to other content here.
     * Retry: safe if `client_message_id` is set; without it, a retry stores the message again. A retry is recognised
     * before membership is checked, has no effect, and returns the stored message. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    default void sendMessage(dev.backscroll.v1.SendMessageRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.SendMessageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSendMessageMethod(), responseObserver);
    }

    /**
     * <pre>
     * Stores up to 500 messages, each with its own result, as `SendMessage` would. The order within a conversation is
     * kept.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`). In items what `SendMessage` returns:
     * `INVALID_ARGUMENT` (`REQUIRED`, `DUPLICATE_VALUE`, `CONFLICTING_FIELDS`, `NEGATIVE`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY` also for another `sender_id`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`).
     * Retry: safe if every item has a `client_message_id`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void batchSendMessages(dev.backscroll.v1.BatchSendMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchSendMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchSendMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Loads old history into one or more conversations. For services only. Browsers cannot make this call, because it
     * streams requests.
     * Every request of the stream is one chunk, which is stored whole or not at all. `create_time` is `original_time`, or
     * one microsecond after the message before it where that is later, and never before 1970. Imported messages never count
     * as unread, move no read position, and bring no deleted conversation back.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type or a message without `client_message_id`,
     * `IN_THE_FUTURE`, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for mentions, `NEGATIVE` for a size); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`). An
     * error ends the stream; earlier chunks stay.
     * Retry: safe, from the beginning: messages that are stored already are skipped. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<dev.backscroll.v1.ImportMessagesRequest> importMessages(
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ImportMessagesResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getImportMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one page of a conversation's history, in either direction.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `start` with a token); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listMessages(dev.backscroll.v1.ListMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns a window of history around an anchor, oldest first.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and `MESSAGE_NOT_FOUND` for an
     * anchor outside the user's membership or in another conversation); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listMessagesAround(dev.backscroll.v1.ListMessagesAroundRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesAroundResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMessagesAroundMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one message.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void getMessage(dev.backscroll.v1.GetMessageRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetMessageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMessageMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns up to 100 messages by id, of any conversations, each with its own result, in the order of the request.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to a conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void batchGetMessages(dev.backscroll.v1.BatchGetMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams a whole range of a conversation's history, for export: what paging with `ListMessages` would return, also
     * with `as_service`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`,
     * and `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`); `RESOURCE_EXHAUSTED` (`SLOW_READER`,
     * `TOO_MANY_STREAMS`).
     * Retry: safe; go on from the last message received with `start`. Metadata: the common keys.
     * </pre>
     */
    default void streamMessages(dev.backscroll.v1.StreamMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStreamMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes up to 50 messages by id, each with its own result: for the user alone, or for everyone (a recall).
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`);
     * `PERMISSION_DENIED` (`NOT_A_MEMBER` for a recall after leaving). In items: `INVALID_ARGUMENT` for what is no id;
     * `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_THE_SENDER`); `FAILED_PRECONDITION`
     * (`RECALL_TOO_LATE`).
     * Retry: safe; the results then say `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void deleteMessages(dev.backscroll.v1.DeleteMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteMessagesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteMessagesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes the older part of a conversation's history, of any length, for the user alone.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` without `target`, `NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe unless `target` is past the end or in the future: it is then taken as the end, so a retry also deletes
     * what arrived since. Else the outcome is `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void clearHistory(dev.backscroll.v1.ClearHistoryRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ClearHistoryResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getClearHistoryMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one page of the members who have read a message, in the order in which they were first added: current
     * members other than the sender who can see the message and whose read position has reached it. Members who see the
     * message may list them, and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listReaders(dev.backscroll.v1.ListReadersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListReadersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListReadersMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service MessageService.
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static abstract class MessageServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return MessageServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service MessageService.
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class MessageServiceStub
      extends io.grpc.stub.AbstractAsyncStub<MessageServiceStub> {
    private MessageServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MessageServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MessageServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Stores one message. The response comes after the message is durable.
     * Sending to a `SINGLE` or `SYSTEM` conversation that does not exist creates it. Sending moves the sender's read
     * position to the message and clears the marks of `MarkConversationUnread`; with `keep_unread` it does neither.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for
     * mentions, `NEGATIVE` for a size); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for a group or chat room to which the
     * sender never belonged; `PERMISSION_DENIED` (`NOT_A_MEMBER` after leaving, `SERVICE_ONLY` for `SYSTEM`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`) if the sender gave the id to other content here.
     * Retry: safe if `client_message_id` is set; without it, a retry stores the message again. A retry is recognised
     * before membership is checked, has no effect, and returns the stored message. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    public void sendMessage(dev.backscroll.v1.SendMessageRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.SendMessageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSendMessageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Stores up to 500 messages, each with its own result, as `SendMessage` would. The order within a conversation is
     * kept.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`). In items what `SendMessage` returns:
     * `INVALID_ARGUMENT` (`REQUIRED`, `DUPLICATE_VALUE`, `CONFLICTING_FIELDS`, `NEGATIVE`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY` also for another `sender_id`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`).
     * Retry: safe if every item has a `client_message_id`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void batchSendMessages(dev.backscroll.v1.BatchSendMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchSendMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchSendMessagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Loads old history into one or more conversations. For services only. Browsers cannot make this call, because it
     * streams requests.
     * Every request of the stream is one chunk, which is stored whole or not at all. `create_time` is `original_time`, or
     * one microsecond after the message before it where that is later, and never before 1970. Imported messages never count
     * as unread, move no read position, and bring no deleted conversation back.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type or a message without `client_message_id`,
     * `IN_THE_FUTURE`, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for mentions, `NEGATIVE` for a size); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`). An
     * error ends the stream; earlier chunks stay.
     * Retry: safe, from the beginning: messages that are stored already are skipped. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<dev.backscroll.v1.ImportMessagesRequest> importMessages(
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ImportMessagesResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getImportMessagesMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Returns one page of a conversation's history, in either direction.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `start` with a token); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listMessages(dev.backscroll.v1.ListMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMessagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns a window of history around an anchor, oldest first.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and `MESSAGE_NOT_FOUND` for an
     * anchor outside the user's membership or in another conversation); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listMessagesAround(dev.backscroll.v1.ListMessagesAroundRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesAroundResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMessagesAroundMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one message.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void getMessage(dev.backscroll.v1.GetMessageRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetMessageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMessageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns up to 100 messages by id, of any conversations, each with its own result, in the order of the request.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to a conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void batchGetMessages(dev.backscroll.v1.BatchGetMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetMessagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams a whole range of a conversation's history, for export: what paging with `ListMessages` would return, also
     * with `as_service`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`,
     * and `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`); `RESOURCE_EXHAUSTED` (`SLOW_READER`,
     * `TOO_MANY_STREAMS`).
     * Retry: safe; go on from the last message received with `start`. Metadata: the common keys.
     * </pre>
     */
    public void streamMessages(dev.backscroll.v1.StreamMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getStreamMessagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes up to 50 messages by id, each with its own result: for the user alone, or for everyone (a recall).
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`);
     * `PERMISSION_DENIED` (`NOT_A_MEMBER` for a recall after leaving). In items: `INVALID_ARGUMENT` for what is no id;
     * `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_THE_SENDER`); `FAILED_PRECONDITION`
     * (`RECALL_TOO_LATE`).
     * Retry: safe; the results then say `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void deleteMessages(dev.backscroll.v1.DeleteMessagesRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteMessagesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteMessagesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes the older part of a conversation's history, of any length, for the user alone.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` without `target`, `NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe unless `target` is past the end or in the future: it is then taken as the end, so a retry also deletes
     * what arrived since. Else the outcome is `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void clearHistory(dev.backscroll.v1.ClearHistoryRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ClearHistoryResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getClearHistoryMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one page of the members who have read a message, in the order in which they were first added: current
     * members other than the sender who can see the message and whose read position has reached it. Members who see the
     * message may list them, and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listReaders(dev.backscroll.v1.ListReadersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListReadersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListReadersMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service MessageService.
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class MessageServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<MessageServiceBlockingV2Stub> {
    private MessageServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MessageServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MessageServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Stores one message. The response comes after the message is durable.
     * Sending to a `SINGLE` or `SYSTEM` conversation that does not exist creates it. Sending moves the sender's read
     * position to the message and clears the marks of `MarkConversationUnread`; with `keep_unread` it does neither.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for
     * mentions, `NEGATIVE` for a size); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for a group or chat room to which the
     * sender never belonged; `PERMISSION_DENIED` (`NOT_A_MEMBER` after leaving, `SERVICE_ONLY` for `SYSTEM`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`) if the sender gave the id to other content here.
     * Retry: safe if `client_message_id` is set; without it, a retry stores the message again. A retry is recognised
     * before membership is checked, has no effect, and returns the stored message. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.SendMessageResponse sendMessage(dev.backscroll.v1.SendMessageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSendMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stores up to 500 messages, each with its own result, as `SendMessage` would. The order within a conversation is
     * kept.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`). In items what `SendMessage` returns:
     * `INVALID_ARGUMENT` (`REQUIRED`, `DUPLICATE_VALUE`, `CONFLICTING_FIELDS`, `NEGATIVE`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY` also for another `sender_id`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`).
     * Retry: safe if every item has a `client_message_id`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.BatchSendMessagesResponse batchSendMessages(dev.backscroll.v1.BatchSendMessagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchSendMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Loads old history into one or more conversations. For services only. Browsers cannot make this call, because it
     * streams requests.
     * Every request of the stream is one chunk, which is stored whole or not at all. `create_time` is `original_time`, or
     * one microsecond after the message before it where that is later, and never before 1970. Imported messages never count
     * as unread, move no read position, and bring no deleted conversation back.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type or a message without `client_message_id`,
     * `IN_THE_FUTURE`, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for mentions, `NEGATIVE` for a size); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`). An
     * error ends the stream; earlier chunks stay.
     * Retry: safe, from the beginning: messages that are stored already are skipped. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<dev.backscroll.v1.ImportMessagesRequest, dev.backscroll.v1.ImportMessagesResponse>
        importMessages() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getImportMessagesMethod(), getCallOptions());
    }

    /**
     * <pre>
     * Returns one page of a conversation's history, in either direction.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `start` with a token); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMessagesResponse listMessages(dev.backscroll.v1.ListMessagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns a window of history around an anchor, oldest first.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and `MESSAGE_NOT_FOUND` for an
     * anchor outside the user's membership or in another conversation); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMessagesAroundResponse listMessagesAround(dev.backscroll.v1.ListMessagesAroundRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMessagesAroundMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one message.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetMessageResponse getMessage(dev.backscroll.v1.GetMessageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 100 messages by id, of any conversations, each with its own result, in the order of the request.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to a conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.BatchGetMessagesResponse batchGetMessages(dev.backscroll.v1.BatchGetMessagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a whole range of a conversation's history, for export: what paging with `ListMessages` would return, also
     * with `as_service`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`,
     * and `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`); `RESOURCE_EXHAUSTED` (`SLOW_READER`,
     * `TOO_MANY_STREAMS`).
     * Retry: safe; go on from the last message received with `start`. Metadata: the common keys.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.backscroll.v1.StreamMessagesResponse>
        streamMessages(dev.backscroll.v1.StreamMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getStreamMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes up to 50 messages by id, each with its own result: for the user alone, or for everyone (a recall).
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`);
     * `PERMISSION_DENIED` (`NOT_A_MEMBER` for a recall after leaving). In items: `INVALID_ARGUMENT` for what is no id;
     * `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_THE_SENDER`); `FAILED_PRECONDITION`
     * (`RECALL_TOO_LATE`).
     * Retry: safe; the results then say `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteMessagesResponse deleteMessages(dev.backscroll.v1.DeleteMessagesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes the older part of a conversation's history, of any length, for the user alone.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` without `target`, `NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe unless `target` is past the end or in the future: it is then taken as the end, so a retry also deletes
     * what arrived since. Else the outcome is `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.ClearHistoryResponse clearHistory(dev.backscroll.v1.ClearHistoryRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getClearHistoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of the members who have read a message, in the order in which they were first added: current
     * members other than the sender who can see the message and whose read position has reached it. Members who see the
     * message may list them, and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListReadersResponse listReaders(dev.backscroll.v1.ListReadersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListReadersMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service MessageService.
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class MessageServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<MessageServiceBlockingStub> {
    private MessageServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MessageServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MessageServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Stores one message. The response comes after the message is durable.
     * Sending to a `SINGLE` or `SYSTEM` conversation that does not exist creates it. Sending moves the sender's read
     * position to the message and clears the marks of `MarkConversationUnread`; with `keep_unread` it does neither.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for
     * mentions, `NEGATIVE` for a size); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for a group or chat room to which the
     * sender never belonged; `PERMISSION_DENIED` (`NOT_A_MEMBER` after leaving, `SERVICE_ONLY` for `SYSTEM`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`) if the sender gave the id to other content here.
     * Retry: safe if `client_message_id` is set; without it, a retry stores the message again. A retry is recognised
     * before membership is checked, has no effect, and returns the stored message. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.SendMessageResponse sendMessage(dev.backscroll.v1.SendMessageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSendMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stores up to 500 messages, each with its own result, as `SendMessage` would. The order within a conversation is
     * kept.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`). In items what `SendMessage` returns:
     * `INVALID_ARGUMENT` (`REQUIRED`, `DUPLICATE_VALUE`, `CONFLICTING_FIELDS`, `NEGATIVE`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY` also for another `sender_id`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`).
     * Retry: safe if every item has a `client_message_id`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.BatchSendMessagesResponse batchSendMessages(dev.backscroll.v1.BatchSendMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchSendMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of a conversation's history, in either direction.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `start` with a token); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMessagesResponse listMessages(dev.backscroll.v1.ListMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns a window of history around an anchor, oldest first.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and `MESSAGE_NOT_FOUND` for an
     * anchor outside the user's membership or in another conversation); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMessagesAroundResponse listMessagesAround(dev.backscroll.v1.ListMessagesAroundRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMessagesAroundMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one message.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetMessageResponse getMessage(dev.backscroll.v1.GetMessageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 100 messages by id, of any conversations, each with its own result, in the order of the request.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to a conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.BatchGetMessagesResponse batchGetMessages(dev.backscroll.v1.BatchGetMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams a whole range of a conversation's history, for export: what paging with `ListMessages` would return, also
     * with `as_service`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`,
     * and `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`); `RESOURCE_EXHAUSTED` (`SLOW_READER`,
     * `TOO_MANY_STREAMS`).
     * Retry: safe; go on from the last message received with `start`. Metadata: the common keys.
     * </pre>
     */
    public java.util.Iterator<dev.backscroll.v1.StreamMessagesResponse> streamMessages(
        dev.backscroll.v1.StreamMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getStreamMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes up to 50 messages by id, each with its own result: for the user alone, or for everyone (a recall).
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`);
     * `PERMISSION_DENIED` (`NOT_A_MEMBER` for a recall after leaving). In items: `INVALID_ARGUMENT` for what is no id;
     * `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_THE_SENDER`); `FAILED_PRECONDITION`
     * (`RECALL_TOO_LATE`).
     * Retry: safe; the results then say `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteMessagesResponse deleteMessages(dev.backscroll.v1.DeleteMessagesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteMessagesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes the older part of a conversation's history, of any length, for the user alone.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` without `target`, `NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe unless `target` is past the end or in the future: it is then taken as the end, so a retry also deletes
     * what arrived since. Else the outcome is `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.ClearHistoryResponse clearHistory(dev.backscroll.v1.ClearHistoryRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getClearHistoryMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of the members who have read a message, in the order in which they were first added: current
     * members other than the sender who can see the message and whose read position has reached it. Members who see the
     * message may list them, and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListReadersResponse listReaders(dev.backscroll.v1.ListReadersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListReadersMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service MessageService.
   * <pre>
   * Sends messages, pages through their history, and deletes them.
   * What `ConversationService` says of every method holds here too.
   * </pre>
   */
  public static final class MessageServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<MessageServiceFutureStub> {
    private MessageServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected MessageServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new MessageServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Stores one message. The response comes after the message is durable.
     * Sending to a `SINGLE` or `SYSTEM` conversation that does not exist creates it. Sending moves the sender's read
     * position to the message and clears the marks of `MarkConversationUnread`; with `keep_unread` it does neither.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` and `CONFLICTING_FIELDS` for
     * mentions, `NEGATIVE` for a size); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for a group or chat room to which the
     * sender never belonged; `PERMISSION_DENIED` (`NOT_A_MEMBER` after leaving, `SERVICE_ONLY` for `SYSTEM`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`) if the sender gave the id to other content here.
     * Retry: safe if `client_message_id` is set; without it, a retry stores the message again. A retry is recognised
     * before membership is checked, has no effect, and returns the stored message. Metadata: the common keys and
     * `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.SendMessageResponse> sendMessage(
        dev.backscroll.v1.SendMessageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSendMessageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Stores up to 500 messages, each with its own result, as `SendMessage` would. The order within a conversation is
     * kept.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`). In items what `SendMessage` returns:
     * `INVALID_ARGUMENT` (`REQUIRED`, `DUPLICATE_VALUE`, `CONFLICTING_FIELDS`, `NEGATIVE`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY` also for another `sender_id`);
     * `ALREADY_EXISTS` (`CLIENT_MESSAGE_ID_REUSED`).
     * Retry: safe if every item has a `client_message_id`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.BatchSendMessagesResponse> batchSendMessages(
        dev.backscroll.v1.BatchSendMessagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchSendMessagesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one page of a conversation's history, in either direction.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `start` with a token); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a start outside the user's membership or in another conversation); `PERMISSION_DENIED`
     * (`SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListMessagesResponse> listMessages(
        dev.backscroll.v1.ListMessagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMessagesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns a window of history around an anchor, oldest first.
     * With `as_service` it shows what a member since the first message sees who has cleared, hidden and blocked nothing,
     * also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and `MESSAGE_NOT_FOUND` for an
     * anchor outside the user's membership or in another conversation); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListMessagesAroundResponse> listMessagesAround(
        dev.backscroll.v1.ListMessagesAroundRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMessagesAroundMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one message.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to the conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.GetMessageResponse> getMessage(
        dev.backscroll.v1.GetMessageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMessageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns up to 100 messages by id, of any conversations, each with its own result, in the order of the request.
     * With `as_service` it returns what a member since the first message sees who has cleared, hidden and blocked
     * nothing, also to a user who has left or never belonged to a conversation. What is gone for everyone stays gone.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.BatchGetMessagesResponse> batchGetMessages(
        dev.backscroll.v1.BatchGetMessagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetMessagesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes up to 50 messages by id, each with its own result: for the user alone, or for everyone (a recall).
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`);
     * `PERMISSION_DENIED` (`NOT_A_MEMBER` for a recall after leaving). In items: `INVALID_ARGUMENT` for what is no id;
     * `NOT_FOUND` (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_THE_SENDER`); `FAILED_PRECONDITION`
     * (`RECALL_TOO_LATE`).
     * Retry: safe; the results then say `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.DeleteMessagesResponse> deleteMessages(
        dev.backscroll.v1.DeleteMessagesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteMessagesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes the older part of a conversation's history, of any length, for the user alone.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` without `target`, `NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe unless `target` is past the end or in the future: it is then taken as the end, so a retry also deletes
     * what arrived since. Else the outcome is `ALREADY_DELETED`. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ClearHistoryResponse> clearHistory(
        dev.backscroll.v1.ClearHistoryRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getClearHistoryMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one page of the members who have read a message, in the order in which they were first added: current
     * members other than the sender who can see the message and whose read position has reached it. Members who see the
     * message may list them, and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`MESSAGE_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListReadersResponse> listReaders(
        dev.backscroll.v1.ListReadersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListReadersMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_SEND_MESSAGE = 0;
  private static final int METHODID_BATCH_SEND_MESSAGES = 1;
  private static final int METHODID_LIST_MESSAGES = 2;
  private static final int METHODID_LIST_MESSAGES_AROUND = 3;
  private static final int METHODID_GET_MESSAGE = 4;
  private static final int METHODID_BATCH_GET_MESSAGES = 5;
  private static final int METHODID_STREAM_MESSAGES = 6;
  private static final int METHODID_DELETE_MESSAGES = 7;
  private static final int METHODID_CLEAR_HISTORY = 8;
  private static final int METHODID_LIST_READERS = 9;
  private static final int METHODID_IMPORT_MESSAGES = 10;

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
        case METHODID_SEND_MESSAGE:
          serviceImpl.sendMessage((dev.backscroll.v1.SendMessageRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.SendMessageResponse>) responseObserver);
          break;
        case METHODID_BATCH_SEND_MESSAGES:
          serviceImpl.batchSendMessages((dev.backscroll.v1.BatchSendMessagesRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchSendMessagesResponse>) responseObserver);
          break;
        case METHODID_LIST_MESSAGES:
          serviceImpl.listMessages((dev.backscroll.v1.ListMessagesRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesResponse>) responseObserver);
          break;
        case METHODID_LIST_MESSAGES_AROUND:
          serviceImpl.listMessagesAround((dev.backscroll.v1.ListMessagesAroundRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMessagesAroundResponse>) responseObserver);
          break;
        case METHODID_GET_MESSAGE:
          serviceImpl.getMessage((dev.backscroll.v1.GetMessageRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.GetMessageResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_MESSAGES:
          serviceImpl.batchGetMessages((dev.backscroll.v1.BatchGetMessagesRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetMessagesResponse>) responseObserver);
          break;
        case METHODID_STREAM_MESSAGES:
          serviceImpl.streamMessages((dev.backscroll.v1.StreamMessagesRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamMessagesResponse>) responseObserver);
          break;
        case METHODID_DELETE_MESSAGES:
          serviceImpl.deleteMessages((dev.backscroll.v1.DeleteMessagesRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteMessagesResponse>) responseObserver);
          break;
        case METHODID_CLEAR_HISTORY:
          serviceImpl.clearHistory((dev.backscroll.v1.ClearHistoryRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ClearHistoryResponse>) responseObserver);
          break;
        case METHODID_LIST_READERS:
          serviceImpl.listReaders((dev.backscroll.v1.ListReadersRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListReadersResponse>) responseObserver);
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
        case METHODID_IMPORT_MESSAGES:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.importMessages(
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ImportMessagesResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getSendMessageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.SendMessageRequest,
              dev.backscroll.v1.SendMessageResponse>(
                service, METHODID_SEND_MESSAGE)))
        .addMethod(
          getBatchSendMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.BatchSendMessagesRequest,
              dev.backscroll.v1.BatchSendMessagesResponse>(
                service, METHODID_BATCH_SEND_MESSAGES)))
        .addMethod(
          getImportMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              dev.backscroll.v1.ImportMessagesRequest,
              dev.backscroll.v1.ImportMessagesResponse>(
                service, METHODID_IMPORT_MESSAGES)))
        .addMethod(
          getListMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListMessagesRequest,
              dev.backscroll.v1.ListMessagesResponse>(
                service, METHODID_LIST_MESSAGES)))
        .addMethod(
          getListMessagesAroundMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListMessagesAroundRequest,
              dev.backscroll.v1.ListMessagesAroundResponse>(
                service, METHODID_LIST_MESSAGES_AROUND)))
        .addMethod(
          getGetMessageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.GetMessageRequest,
              dev.backscroll.v1.GetMessageResponse>(
                service, METHODID_GET_MESSAGE)))
        .addMethod(
          getBatchGetMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.BatchGetMessagesRequest,
              dev.backscroll.v1.BatchGetMessagesResponse>(
                service, METHODID_BATCH_GET_MESSAGES)))
        .addMethod(
          getStreamMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.backscroll.v1.StreamMessagesRequest,
              dev.backscroll.v1.StreamMessagesResponse>(
                service, METHODID_STREAM_MESSAGES)))
        .addMethod(
          getDeleteMessagesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.DeleteMessagesRequest,
              dev.backscroll.v1.DeleteMessagesResponse>(
                service, METHODID_DELETE_MESSAGES)))
        .addMethod(
          getClearHistoryMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ClearHistoryRequest,
              dev.backscroll.v1.ClearHistoryResponse>(
                service, METHODID_CLEAR_HISTORY)))
        .addMethod(
          getListReadersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListReadersRequest,
              dev.backscroll.v1.ListReadersResponse>(
                service, METHODID_LIST_READERS)))
        .build();
  }

  private static abstract class MessageServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    MessageServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.backscroll.v1.MessageServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("MessageService");
    }
  }

  private static final class MessageServiceFileDescriptorSupplier
      extends MessageServiceBaseDescriptorSupplier {
    MessageServiceFileDescriptorSupplier() {}
  }

  private static final class MessageServiceMethodDescriptorSupplier
      extends MessageServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    MessageServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (MessageServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new MessageServiceFileDescriptorSupplier())
              .addMethod(getSendMessageMethod())
              .addMethod(getBatchSendMessagesMethod())
              .addMethod(getImportMessagesMethod())
              .addMethod(getListMessagesMethod())
              .addMethod(getListMessagesAroundMethod())
              .addMethod(getGetMessageMethod())
              .addMethod(getBatchGetMessagesMethod())
              .addMethod(getStreamMessagesMethod())
              .addMethod(getDeleteMessagesMethod())
              .addMethod(getClearHistoryMethod())
              .addMethod(getListReadersMethod())
              .build();
        }
      }
    }
    return result;
  }
}
