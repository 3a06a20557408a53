package dev.backscroll.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Keeps conversations, each user's list of them, read positions and members.
 * This holds for every method of every service:
 * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
 *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
 *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
 *   may ask for.
 * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
 *   grant nothing, and they stay valid after deletions and restarts.
 * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
 *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
 *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
 *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
 * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
 *   4 MiB. A page that would be larger ends early with a token.
 * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
 *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
 *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
 *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
 *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
 *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
 *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
 *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
 *   Methods list what they add.
 * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
 *   `NOT_A_MEMBER` means that the user has left.
 * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
 *   are safe to retry if the field that their comment names is set to a value that the server returned.
 * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
 *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
 * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
 *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
 *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
 *   older server never does half of what a newer client meant, for example a deletion without its condition.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ConversationServiceGrpc {

  private ConversationServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "backscroll.v1.ConversationService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.CreateConversationRequest,
      dev.backscroll.v1.CreateConversationResponse> getCreateConversationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateConversation",
      requestType = dev.backscroll.v1.CreateConversationRequest.class,
      responseType = dev.backscroll.v1.CreateConversationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.CreateConversationRequest,
      dev.backscroll.v1.CreateConversationResponse> getCreateConversationMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.CreateConversationRequest, dev.backscroll.v1.CreateConversationResponse> getCreateConversationMethod;
    if ((getCreateConversationMethod = ConversationServiceGrpc.getCreateConversationMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getCreateConversationMethod = ConversationServiceGrpc.getCreateConversationMethod) == null) {
          ConversationServiceGrpc.getCreateConversationMethod = getCreateConversationMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.CreateConversationRequest, dev.backscroll.v1.CreateConversationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateConversation"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.CreateConversationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.CreateConversationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("CreateConversation"))
              .build();
        }
      }
    }
    return getCreateConversationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.GetConversationRequest,
      dev.backscroll.v1.GetConversationResponse> getGetConversationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetConversation",
      requestType = dev.backscroll.v1.GetConversationRequest.class,
      responseType = dev.backscroll.v1.GetConversationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.GetConversationRequest,
      dev.backscroll.v1.GetConversationResponse> getGetConversationMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.GetConversationRequest, dev.backscroll.v1.GetConversationResponse> getGetConversationMethod;
    if ((getGetConversationMethod = ConversationServiceGrpc.getGetConversationMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getGetConversationMethod = ConversationServiceGrpc.getGetConversationMethod) == null) {
          ConversationServiceGrpc.getGetConversationMethod = getGetConversationMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.GetConversationRequest, dev.backscroll.v1.GetConversationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetConversation"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetConversationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetConversationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("GetConversation"))
              .build();
        }
      }
    }
    return getGetConversationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.GetOrCreateConversationRequest,
      dev.backscroll.v1.GetOrCreateConversationResponse> getGetOrCreateConversationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetOrCreateConversation",
      requestType = dev.backscroll.v1.GetOrCreateConversationRequest.class,
      responseType = dev.backscroll.v1.GetOrCreateConversationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.GetOrCreateConversationRequest,
      dev.backscroll.v1.GetOrCreateConversationResponse> getGetOrCreateConversationMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.GetOrCreateConversationRequest, dev.backscroll.v1.GetOrCreateConversationResponse> getGetOrCreateConversationMethod;
    if ((getGetOrCreateConversationMethod = ConversationServiceGrpc.getGetOrCreateConversationMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getGetOrCreateConversationMethod = ConversationServiceGrpc.getGetOrCreateConversationMethod) == null) {
          ConversationServiceGrpc.getGetOrCreateConversationMethod = getGetOrCreateConversationMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.GetOrCreateConversationRequest, dev.backscroll.v1.GetOrCreateConversationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetOrCreateConversation"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetOrCreateConversationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.GetOrCreateConversationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("GetOrCreateConversation"))
              .build();
        }
      }
    }
    return getGetOrCreateConversationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetConversationsRequest,
      dev.backscroll.v1.BatchGetConversationsResponse> getBatchGetConversationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchGetConversations",
      requestType = dev.backscroll.v1.BatchGetConversationsRequest.class,
      responseType = dev.backscroll.v1.BatchGetConversationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetConversationsRequest,
      dev.backscroll.v1.BatchGetConversationsResponse> getBatchGetConversationsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.BatchGetConversationsRequest, dev.backscroll.v1.BatchGetConversationsResponse> getBatchGetConversationsMethod;
    if ((getBatchGetConversationsMethod = ConversationServiceGrpc.getBatchGetConversationsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getBatchGetConversationsMethod = ConversationServiceGrpc.getBatchGetConversationsMethod) == null) {
          ConversationServiceGrpc.getBatchGetConversationsMethod = getBatchGetConversationsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.BatchGetConversationsRequest, dev.backscroll.v1.BatchGetConversationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchGetConversations"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchGetConversationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchGetConversationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("BatchGetConversations"))
              .build();
        }
      }
    }
    return getBatchGetConversationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListConversationsRequest,
      dev.backscroll.v1.ListConversationsResponse> getListConversationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListConversations",
      requestType = dev.backscroll.v1.ListConversationsRequest.class,
      responseType = dev.backscroll.v1.ListConversationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListConversationsRequest,
      dev.backscroll.v1.ListConversationsResponse> getListConversationsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListConversationsRequest, dev.backscroll.v1.ListConversationsResponse> getListConversationsMethod;
    if ((getListConversationsMethod = ConversationServiceGrpc.getListConversationsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getListConversationsMethod = ConversationServiceGrpc.getListConversationsMethod) == null) {
          ConversationServiceGrpc.getListConversationsMethod = getListConversationsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListConversationsRequest, dev.backscroll.v1.ListConversationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListConversations"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListConversationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListConversationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("ListConversations"))
              .build();
        }
      }
    }
    return getListConversationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.StreamConversationsRequest,
      dev.backscroll.v1.StreamConversationsResponse> getStreamConversationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StreamConversations",
      requestType = dev.backscroll.v1.StreamConversationsRequest.class,
      responseType = dev.backscroll.v1.StreamConversationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.StreamConversationsRequest,
      dev.backscroll.v1.StreamConversationsResponse> getStreamConversationsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.StreamConversationsRequest, dev.backscroll.v1.StreamConversationsResponse> getStreamConversationsMethod;
    if ((getStreamConversationsMethod = ConversationServiceGrpc.getStreamConversationsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getStreamConversationsMethod = ConversationServiceGrpc.getStreamConversationsMethod) == null) {
          ConversationServiceGrpc.getStreamConversationsMethod = getStreamConversationsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.StreamConversationsRequest, dev.backscroll.v1.StreamConversationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StreamConversations"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.StreamConversationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.StreamConversationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("StreamConversations"))
              .build();
        }
      }
    }
    return getStreamConversationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationRequest,
      dev.backscroll.v1.UpdateConversationResponse> getUpdateConversationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateConversation",
      requestType = dev.backscroll.v1.UpdateConversationRequest.class,
      responseType = dev.backscroll.v1.UpdateConversationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationRequest,
      dev.backscroll.v1.UpdateConversationResponse> getUpdateConversationMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationRequest, dev.backscroll.v1.UpdateConversationResponse> getUpdateConversationMethod;
    if ((getUpdateConversationMethod = ConversationServiceGrpc.getUpdateConversationMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getUpdateConversationMethod = ConversationServiceGrpc.getUpdateConversationMethod) == null) {
          ConversationServiceGrpc.getUpdateConversationMethod = getUpdateConversationMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.UpdateConversationRequest, dev.backscroll.v1.UpdateConversationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateConversation"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateConversationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateConversationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("UpdateConversation"))
              .build();
        }
      }
    }
    return getUpdateConversationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationSettingsRequest,
      dev.backscroll.v1.UpdateConversationSettingsResponse> getUpdateConversationSettingsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateConversationSettings",
      requestType = dev.backscroll.v1.UpdateConversationSettingsRequest.class,
      responseType = dev.backscroll.v1.UpdateConversationSettingsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationSettingsRequest,
      dev.backscroll.v1.UpdateConversationSettingsResponse> getUpdateConversationSettingsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateConversationSettingsRequest, dev.backscroll.v1.UpdateConversationSettingsResponse> getUpdateConversationSettingsMethod;
    if ((getUpdateConversationSettingsMethod = ConversationServiceGrpc.getUpdateConversationSettingsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getUpdateConversationSettingsMethod = ConversationServiceGrpc.getUpdateConversationSettingsMethod) == null) {
          ConversationServiceGrpc.getUpdateConversationSettingsMethod = getUpdateConversationSettingsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.UpdateConversationSettingsRequest, dev.backscroll.v1.UpdateConversationSettingsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateConversationSettings"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateConversationSettingsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateConversationSettingsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("UpdateConversationSettings"))
              .build();
        }
      }
    }
    return getUpdateConversationSettingsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.BatchUpdateConversationSettingsRequest,
      dev.backscroll.v1.BatchUpdateConversationSettingsResponse> getBatchUpdateConversationSettingsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "BatchUpdateConversationSettings",
      requestType = dev.backscroll.v1.BatchUpdateConversationSettingsRequest.class,
      responseType = dev.backscroll.v1.BatchUpdateConversationSettingsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.BatchUpdateConversationSettingsRequest,
      dev.backscroll.v1.BatchUpdateConversationSettingsResponse> getBatchUpdateConversationSettingsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.BatchUpdateConversationSettingsRequest, dev.backscroll.v1.BatchUpdateConversationSettingsResponse> getBatchUpdateConversationSettingsMethod;
    if ((getBatchUpdateConversationSettingsMethod = ConversationServiceGrpc.getBatchUpdateConversationSettingsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getBatchUpdateConversationSettingsMethod = ConversationServiceGrpc.getBatchUpdateConversationSettingsMethod) == null) {
          ConversationServiceGrpc.getBatchUpdateConversationSettingsMethod = getBatchUpdateConversationSettingsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.BatchUpdateConversationSettingsRequest, dev.backscroll.v1.BatchUpdateConversationSettingsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "BatchUpdateConversationSettings"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchUpdateConversationSettingsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.BatchUpdateConversationSettingsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("BatchUpdateConversationSettings"))
              .build();
        }
      }
    }
    return getBatchUpdateConversationSettingsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteConversationRequest,
      dev.backscroll.v1.DeleteConversationResponse> getDeleteConversationMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteConversation",
      requestType = dev.backscroll.v1.DeleteConversationRequest.class,
      responseType = dev.backscroll.v1.DeleteConversationResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteConversationRequest,
      dev.backscroll.v1.DeleteConversationResponse> getDeleteConversationMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteConversationRequest, dev.backscroll.v1.DeleteConversationResponse> getDeleteConversationMethod;
    if ((getDeleteConversationMethod = ConversationServiceGrpc.getDeleteConversationMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getDeleteConversationMethod = ConversationServiceGrpc.getDeleteConversationMethod) == null) {
          ConversationServiceGrpc.getDeleteConversationMethod = getDeleteConversationMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.DeleteConversationRequest, dev.backscroll.v1.DeleteConversationResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteConversation"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteConversationRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteConversationResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("DeleteConversation"))
              .build();
        }
      }
    }
    return getDeleteConversationMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteAllConversationsRequest,
      dev.backscroll.v1.DeleteAllConversationsResponse> getDeleteAllConversationsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteAllConversations",
      requestType = dev.backscroll.v1.DeleteAllConversationsRequest.class,
      responseType = dev.backscroll.v1.DeleteAllConversationsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteAllConversationsRequest,
      dev.backscroll.v1.DeleteAllConversationsResponse> getDeleteAllConversationsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.DeleteAllConversationsRequest, dev.backscroll.v1.DeleteAllConversationsResponse> getDeleteAllConversationsMethod;
    if ((getDeleteAllConversationsMethod = ConversationServiceGrpc.getDeleteAllConversationsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getDeleteAllConversationsMethod = ConversationServiceGrpc.getDeleteAllConversationsMethod) == null) {
          ConversationServiceGrpc.getDeleteAllConversationsMethod = getDeleteAllConversationsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.DeleteAllConversationsRequest, dev.backscroll.v1.DeleteAllConversationsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteAllConversations"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteAllConversationsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.DeleteAllConversationsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("DeleteAllConversations"))
              .build();
        }
      }
    }
    return getDeleteAllConversationsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationReadRequest,
      dev.backscroll.v1.MarkConversationReadResponse> getMarkConversationReadMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "MarkConversationRead",
      requestType = dev.backscroll.v1.MarkConversationReadRequest.class,
      responseType = dev.backscroll.v1.MarkConversationReadResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationReadRequest,
      dev.backscroll.v1.MarkConversationReadResponse> getMarkConversationReadMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationReadRequest, dev.backscroll.v1.MarkConversationReadResponse> getMarkConversationReadMethod;
    if ((getMarkConversationReadMethod = ConversationServiceGrpc.getMarkConversationReadMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getMarkConversationReadMethod = ConversationServiceGrpc.getMarkConversationReadMethod) == null) {
          ConversationServiceGrpc.getMarkConversationReadMethod = getMarkConversationReadMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.MarkConversationReadRequest, dev.backscroll.v1.MarkConversationReadResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "MarkConversationRead"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkConversationReadRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkConversationReadResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("MarkConversationRead"))
              .build();
        }
      }
    }
    return getMarkConversationReadMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationUnreadRequest,
      dev.backscroll.v1.MarkConversationUnreadResponse> getMarkConversationUnreadMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "MarkConversationUnread",
      requestType = dev.backscroll.v1.MarkConversationUnreadRequest.class,
      responseType = dev.backscroll.v1.MarkConversationUnreadResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationUnreadRequest,
      dev.backscroll.v1.MarkConversationUnreadResponse> getMarkConversationUnreadMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.MarkConversationUnreadRequest, dev.backscroll.v1.MarkConversationUnreadResponse> getMarkConversationUnreadMethod;
    if ((getMarkConversationUnreadMethod = ConversationServiceGrpc.getMarkConversationUnreadMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getMarkConversationUnreadMethod = ConversationServiceGrpc.getMarkConversationUnreadMethod) == null) {
          ConversationServiceGrpc.getMarkConversationUnreadMethod = getMarkConversationUnreadMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.MarkConversationUnreadRequest, dev.backscroll.v1.MarkConversationUnreadResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "MarkConversationUnread"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkConversationUnreadRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkConversationUnreadResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("MarkConversationUnread"))
              .build();
        }
      }
    }
    return getMarkConversationUnreadMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.MarkAllConversationsReadRequest,
      dev.backscroll.v1.MarkAllConversationsReadResponse> getMarkAllConversationsReadMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "MarkAllConversationsRead",
      requestType = dev.backscroll.v1.MarkAllConversationsReadRequest.class,
      responseType = dev.backscroll.v1.MarkAllConversationsReadResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.MarkAllConversationsReadRequest,
      dev.backscroll.v1.MarkAllConversationsReadResponse> getMarkAllConversationsReadMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.MarkAllConversationsReadRequest, dev.backscroll.v1.MarkAllConversationsReadResponse> getMarkAllConversationsReadMethod;
    if ((getMarkAllConversationsReadMethod = ConversationServiceGrpc.getMarkAllConversationsReadMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getMarkAllConversationsReadMethod = ConversationServiceGrpc.getMarkAllConversationsReadMethod) == null) {
          ConversationServiceGrpc.getMarkAllConversationsReadMethod = getMarkAllConversationsReadMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.MarkAllConversationsReadRequest, dev.backscroll.v1.MarkAllConversationsReadResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "MarkAllConversationsRead"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkAllConversationsReadRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.MarkAllConversationsReadResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("MarkAllConversationsRead"))
              .build();
        }
      }
    }
    return getMarkAllConversationsReadMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ResetMentionsRequest,
      dev.backscroll.v1.ResetMentionsResponse> getResetMentionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResetMentions",
      requestType = dev.backscroll.v1.ResetMentionsRequest.class,
      responseType = dev.backscroll.v1.ResetMentionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ResetMentionsRequest,
      dev.backscroll.v1.ResetMentionsResponse> getResetMentionsMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ResetMentionsRequest, dev.backscroll.v1.ResetMentionsResponse> getResetMentionsMethod;
    if ((getResetMentionsMethod = ConversationServiceGrpc.getResetMentionsMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getResetMentionsMethod = ConversationServiceGrpc.getResetMentionsMethod) == null) {
          ConversationServiceGrpc.getResetMentionsMethod = getResetMentionsMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ResetMentionsRequest, dev.backscroll.v1.ResetMentionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResetMentions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ResetMentionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ResetMentionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("ResetMentions"))
              .build();
        }
      }
    }
    return getResetMentionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.AddMembersRequest,
      dev.backscroll.v1.AddMembersResponse> getAddMembersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AddMembers",
      requestType = dev.backscroll.v1.AddMembersRequest.class,
      responseType = dev.backscroll.v1.AddMembersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.AddMembersRequest,
      dev.backscroll.v1.AddMembersResponse> getAddMembersMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.AddMembersRequest, dev.backscroll.v1.AddMembersResponse> getAddMembersMethod;
    if ((getAddMembersMethod = ConversationServiceGrpc.getAddMembersMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getAddMembersMethod = ConversationServiceGrpc.getAddMembersMethod) == null) {
          ConversationServiceGrpc.getAddMembersMethod = getAddMembersMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.AddMembersRequest, dev.backscroll.v1.AddMembersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AddMembers"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.AddMembersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.AddMembersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("AddMembers"))
              .build();
        }
      }
    }
    return getAddMembersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.RemoveMembersRequest,
      dev.backscroll.v1.RemoveMembersResponse> getRemoveMembersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RemoveMembers",
      requestType = dev.backscroll.v1.RemoveMembersRequest.class,
      responseType = dev.backscroll.v1.RemoveMembersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.RemoveMembersRequest,
      dev.backscroll.v1.RemoveMembersResponse> getRemoveMembersMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.RemoveMembersRequest, dev.backscroll.v1.RemoveMembersResponse> getRemoveMembersMethod;
    if ((getRemoveMembersMethod = ConversationServiceGrpc.getRemoveMembersMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getRemoveMembersMethod = ConversationServiceGrpc.getRemoveMembersMethod) == null) {
          ConversationServiceGrpc.getRemoveMembersMethod = getRemoveMembersMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.RemoveMembersRequest, dev.backscroll.v1.RemoveMembersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RemoveMembers"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.RemoveMembersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.RemoveMembersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("RemoveMembers"))
              .build();
        }
      }
    }
    return getRemoveMembersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateMemberRequest,
      dev.backscroll.v1.UpdateMemberResponse> getUpdateMemberMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateMember",
      requestType = dev.backscroll.v1.UpdateMemberRequest.class,
      responseType = dev.backscroll.v1.UpdateMemberResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateMemberRequest,
      dev.backscroll.v1.UpdateMemberResponse> getUpdateMemberMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.UpdateMemberRequest, dev.backscroll.v1.UpdateMemberResponse> getUpdateMemberMethod;
    if ((getUpdateMemberMethod = ConversationServiceGrpc.getUpdateMemberMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getUpdateMemberMethod = ConversationServiceGrpc.getUpdateMemberMethod) == null) {
          ConversationServiceGrpc.getUpdateMemberMethod = getUpdateMemberMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.UpdateMemberRequest, dev.backscroll.v1.UpdateMemberResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateMember"))
              .setIdempotent(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateMemberRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.UpdateMemberResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("UpdateMember"))
              .build();
        }
      }
    }
    return getUpdateMemberMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.backscroll.v1.ListMembersRequest,
      dev.backscroll.v1.ListMembersResponse> getListMembersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMembers",
      requestType = dev.backscroll.v1.ListMembersRequest.class,
      responseType = dev.backscroll.v1.ListMembersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.backscroll.v1.ListMembersRequest,
      dev.backscroll.v1.ListMembersResponse> getListMembersMethod() {
    io.grpc.MethodDescriptor<dev.backscroll.v1.ListMembersRequest, dev.backscroll.v1.ListMembersResponse> getListMembersMethod;
    if ((getListMembersMethod = ConversationServiceGrpc.getListMembersMethod) == null) {
      synchronized (ConversationServiceGrpc.class) {
        if ((getListMembersMethod = ConversationServiceGrpc.getListMembersMethod) == null) {
          ConversationServiceGrpc.getListMembersMethod = getListMembersMethod =
              io.grpc.MethodDescriptor.<dev.backscroll.v1.ListMembersRequest, dev.backscroll.v1.ListMembersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMembers"))
              .setSafe(true)
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMembersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.backscroll.v1.ListMembersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ConversationServiceMethodDescriptorSupplier("ListMembers"))
              .build();
        }
      }
    }
    return getListMembersMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ConversationServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConversationServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConversationServiceStub>() {
        @java.lang.Override
        public ConversationServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConversationServiceStub(channel, callOptions);
        }
      };
    return ConversationServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ConversationServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConversationServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConversationServiceBlockingV2Stub>() {
        @java.lang.Override
        public ConversationServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConversationServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ConversationServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ConversationServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConversationServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConversationServiceBlockingStub>() {
        @java.lang.Override
        public ConversationServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConversationServiceBlockingStub(channel, callOptions);
        }
      };
    return ConversationServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ConversationServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ConversationServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ConversationServiceFutureStub>() {
        @java.lang.Override
        public ConversationServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ConversationServiceFutureStub(channel, callOptions);
        }
      };
    return ConversationServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Creates a group or chat room with its members and puts it in the list of the user, who becomes its owner.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS` for another type, `DUPLICATE_VALUE` for members); `ALREADY_EXISTS`
     * (`CONVERSATION_EXISTS`) if the target is taken, but for a retry; `PERMISSION_DENIED` (`SERVICE_ONLY`) where the
     * server leaves creating groups to services; `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for burn after reading,
     * which is for pairs.
     * Retry: safe. If this user created the conversation by a call with the same target, properties and members (in any
     * order), that conversation is returned as it is now.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void createConversation(dev.backscroll.v1.CreateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.CreateConversationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateConversationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one conversation, whether it is listed or not.
     * With `as_service` it is shown in full, as `Conversation` describes, also for a user who never belonged to it.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void getConversation(dev.backscroll.v1.GetConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetConversationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetConversationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns a conversation, creating it if it does not exist, and puts it in the user's list.
     * If the call creates a group or chat room, the user becomes its owner. Properties and members are ignored if the
     * conversation exists.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` for members,
     * `CONFLICTING_FIELDS` for members of a type with fixed members); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for an
     * existing group or chat room that the user never belonged to, and for a pair of two other users;
     * `PERMISSION_DENIED` (`SERVICE_ONLY`) where the server leaves creating groups to services; `FAILED_PRECONDITION`
     * (`TYPE_NOT_SUPPORTED`) for properties that the type does not have.
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void getOrCreateConversation(dev.backscroll.v1.GetOrCreateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetOrCreateConversationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetOrCreateConversationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns up to 100 conversations, each with its own result, in the order of the request.
     * With `as_service` they are shown in full, as `Conversation` describes, also for a user who never belonged to them.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void batchGetConversations(dev.backscroll.v1.BatchGetConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetConversationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchGetConversationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one page of the user's list, in the order that `Conversation` describes.
     * Paging to the end by token never misses a conversation. Those that moved up in the meantime come on further pages
     * after the last one in order, also if an earlier page had them. One that does not change is returned exactly once.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `skip` with a token); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listConversations(dev.backscroll.v1.ListConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListConversationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListConversationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streams the user's whole list in parts, in the order of `ListConversations`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE` for the filter); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`);
     * `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the beginning. Metadata: the common keys.
     * </pre>
     */
    default void streamConversations(dev.backscroll.v1.StreamConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamConversationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStreamConversationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes what all members share.
     * In a group or chat room owners and admins may do so, in a `SINGLE` conversation either user, in a `SYSTEM`
     * conversation a service.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY` for
     * `SYSTEM`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for a property that the type does not have.
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void updateConversation(dev.backscroll.v1.UpdateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateConversationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the user's own settings of one conversation.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void updateConversationSettings(dev.backscroll.v1.UpdateConversationSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationSettingsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateConversationSettingsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes the user's own settings of up to 100 conversations in the same way, each with its own result.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`). In items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void batchUpdateConversationSettings(dev.backscroll.v1.BatchUpdateConversationSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchUpdateConversationSettingsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getBatchUpdateConversationSettingsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a conversation from the user's list, or from everyone's, with or without its history.
     * The conversation comes back with the next message that counts, and when the user opens it. Deleted history never
     * does.
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `NEGATIVE`, `CONFLICTING_FIELDS` for `stay_hidden` with `EVERYONE`);
     * `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY`) for
     * the scope `EVERYONE`.
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also deletes what arrived since.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void deleteConversation(dev.backscroll.v1.DeleteConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteConversationResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteConversationMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes every conversation of the user's list, for the user alone, with or without its history.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also deletes what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    default void deleteAllConversations(dev.backscroll.v1.DeleteAllConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteAllConversationsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteAllConversationsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Moves the user's read position forward, never back, and clears the marks of `MarkConversationUnread`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe if `target` is set and not past the end; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    default void markConversationRead(dev.backscroll.v1.MarkConversationReadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationReadResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getMarkConversationReadMethod(), responseObserver);
    }

    /**
     * <pre>
     * Marks a conversation unread until the next read or send: by a flag, or from a message on. The read position stays.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe; the same mark is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void markConversationUnread(dev.backscroll.v1.MarkConversationUnreadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationUnreadResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getMarkConversationUnreadMethod(), responseObserver);
    }

    /**
     * <pre>
     * Moves the read position of every conversation of the user to its end, or to a time, and clears the marks of
     * `MarkConversationUnread`.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    default void markAllConversationsRead(dev.backscroll.v1.MarkAllConversationsReadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkAllConversationsReadResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getMarkAllConversationsReadMethod(), responseObserver);
    }

    /**
     * <pre>
     * Clears the user's unread mentions in one conversation without reading its messages.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also clears what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    default void resetMentions(dev.backscroll.v1.ResetMentionsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ResetMentionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResetMentionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Adds members to a group or chat room. Existing members are left as they are.
     * In a group only owners and admins may do so. Into a chat room users may add themselves, as `MEMBER`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER`, `ROLE_TOO_LOW`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void addMembers(dev.backscroll.v1.AddMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.AddMembersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getAddMembersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes members from a group or chat room. Users who are not members are ignored.
     * Only owners and admins may remove others, only an owner another owner. Everybody may leave. When the last owner
     * leaves, another member becomes owner, see `MemberRole`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER` and `ROLE_TOO_LOW` for removing others); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe; also to leave again is no error. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void removeMembers(dev.backscroll.v1.RemoveMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.RemoveMembersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRemoveMembersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes a member's role. Owners and admins may do so, and services; only owners and services may make or
     * unmake owners.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`, `MEMBER_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`);
     * `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`, `LAST_OWNER`).
     * Retry: safe; the same role is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    default void updateMember(dev.backscroll.v1.UpdateMemberRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateMemberResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateMemberMethod(), responseObserver);
    }

    /**
     * <pre>
     * Returns one page of a conversation's members, in the order in which they were first added. Members may list them,
     * and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    default void listMembers(dev.backscroll.v1.ListMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMembersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMembersMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ConversationService.
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public static abstract class ConversationServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ConversationServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ConversationService.
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public static final class ConversationServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ConversationServiceStub> {
    private ConversationServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConversationServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConversationServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a group or chat room with its members and puts it in the list of the user, who becomes its owner.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS` for another type, `DUPLICATE_VALUE` for members); `ALREADY_EXISTS`
     * (`CONVERSATION_EXISTS`) if the target is taken, but for a retry; `PERMISSION_DENIED` (`SERVICE_ONLY`) where the
     * server leaves creating groups to services; `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for burn after reading,
     * which is for pairs.
     * Retry: safe. If this user created the conversation by a call with the same target, properties and members (in any
     * order), that conversation is returned as it is now.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void createConversation(dev.backscroll.v1.CreateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.CreateConversationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateConversationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one conversation, whether it is listed or not.
     * With `as_service` it is shown in full, as `Conversation` describes, also for a user who never belonged to it.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void getConversation(dev.backscroll.v1.GetConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetConversationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetConversationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns a conversation, creating it if it does not exist, and puts it in the user's list.
     * If the call creates a group or chat room, the user becomes its owner. Properties and members are ignored if the
     * conversation exists.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` for members,
     * `CONFLICTING_FIELDS` for members of a type with fixed members); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for an
     * existing group or chat room that the user never belonged to, and for a pair of two other users;
     * `PERMISSION_DENIED` (`SERVICE_ONLY`) where the server leaves creating groups to services; `FAILED_PRECONDITION`
     * (`TYPE_NOT_SUPPORTED`) for properties that the type does not have.
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void getOrCreateConversation(dev.backscroll.v1.GetOrCreateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.GetOrCreateConversationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetOrCreateConversationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns up to 100 conversations, each with its own result, in the order of the request.
     * With `as_service` they are shown in full, as `Conversation` describes, also for a user who never belonged to them.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void batchGetConversations(dev.backscroll.v1.BatchGetConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetConversationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchGetConversationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one page of the user's list, in the order that `Conversation` describes.
     * Paging to the end by token never misses a conversation. Those that moved up in the meantime come on further pages
     * after the last one in order, also if an earlier page had them. One that does not change is returned exactly once.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `skip` with a token); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listConversations(dev.backscroll.v1.ListConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListConversationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListConversationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streams the user's whole list in parts, in the order of `ListConversations`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE` for the filter); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`);
     * `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the beginning. Metadata: the common keys.
     * </pre>
     */
    public void streamConversations(dev.backscroll.v1.StreamConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamConversationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getStreamConversationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes what all members share.
     * In a group or chat room owners and admins may do so, in a `SINGLE` conversation either user, in a `SYSTEM`
     * conversation a service.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY` for
     * `SYSTEM`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for a property that the type does not have.
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void updateConversation(dev.backscroll.v1.UpdateConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateConversationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the user's own settings of one conversation.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void updateConversationSettings(dev.backscroll.v1.UpdateConversationSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationSettingsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateConversationSettingsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes the user's own settings of up to 100 conversations in the same way, each with its own result.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`). In items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void batchUpdateConversationSettings(dev.backscroll.v1.BatchUpdateConversationSettingsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchUpdateConversationSettingsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getBatchUpdateConversationSettingsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a conversation from the user's list, or from everyone's, with or without its history.
     * The conversation comes back with the next message that counts, and when the user opens it. Deleted history never
     * does.
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `NEGATIVE`, `CONFLICTING_FIELDS` for `stay_hidden` with `EVERYONE`);
     * `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY`) for
     * the scope `EVERYONE`.
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also deletes what arrived since.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void deleteConversation(dev.backscroll.v1.DeleteConversationRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteConversationResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteConversationMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes every conversation of the user's list, for the user alone, with or without its history.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also deletes what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public void deleteAllConversations(dev.backscroll.v1.DeleteAllConversationsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteAllConversationsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteAllConversationsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Moves the user's read position forward, never back, and clears the marks of `MarkConversationUnread`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe if `target` is set and not past the end; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public void markConversationRead(dev.backscroll.v1.MarkConversationReadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationReadResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getMarkConversationReadMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Marks a conversation unread until the next read or send: by a flag, or from a message on. The read position stays.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe; the same mark is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void markConversationUnread(dev.backscroll.v1.MarkConversationUnreadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationUnreadResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getMarkConversationUnreadMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Moves the read position of every conversation of the user to its end, or to a time, and clears the marks of
     * `MarkConversationUnread`.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public void markAllConversationsRead(dev.backscroll.v1.MarkAllConversationsReadRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkAllConversationsReadResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getMarkAllConversationsReadMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Clears the user's unread mentions in one conversation without reading its messages.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also clears what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public void resetMentions(dev.backscroll.v1.ResetMentionsRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ResetMentionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResetMentionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Adds members to a group or chat room. Existing members are left as they are.
     * In a group only owners and admins may do so. Into a chat room users may add themselves, as `MEMBER`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER`, `ROLE_TOO_LOW`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void addMembers(dev.backscroll.v1.AddMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.AddMembersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getAddMembersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes members from a group or chat room. Users who are not members are ignored.
     * Only owners and admins may remove others, only an owner another owner. Everybody may leave. When the last owner
     * leaves, another member becomes owner, see `MemberRole`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER` and `ROLE_TOO_LOW` for removing others); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe; also to leave again is no error. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void removeMembers(dev.backscroll.v1.RemoveMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.RemoveMembersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRemoveMembersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes a member's role. Owners and admins may do so, and services; only owners and services may make or
     * unmake owners.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`, `MEMBER_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`);
     * `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`, `LAST_OWNER`).
     * Retry: safe; the same role is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public void updateMember(dev.backscroll.v1.UpdateMemberRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateMemberResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateMemberMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Returns one page of a conversation's members, in the order in which they were first added. Members may list them,
     * and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public void listMembers(dev.backscroll.v1.ListMembersRequest request,
        io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMembersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMembersMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ConversationService.
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public static final class ConversationServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ConversationServiceBlockingV2Stub> {
    private ConversationServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConversationServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConversationServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a group or chat room with its members and puts it in the list of the user, who becomes its owner.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS` for another type, `DUPLICATE_VALUE` for members); `ALREADY_EXISTS`
     * (`CONVERSATION_EXISTS`) if the target is taken, but for a retry; `PERMISSION_DENIED` (`SERVICE_ONLY`) where the
     * server leaves creating groups to services; `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for burn after reading,
     * which is for pairs.
     * Retry: safe. If this user created the conversation by a call with the same target, properties and members (in any
     * order), that conversation is returned as it is now.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.CreateConversationResponse createConversation(dev.backscroll.v1.CreateConversationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one conversation, whether it is listed or not.
     * With `as_service` it is shown in full, as `Conversation` describes, also for a user who never belonged to it.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetConversationResponse getConversation(dev.backscroll.v1.GetConversationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns a conversation, creating it if it does not exist, and puts it in the user's list.
     * If the call creates a group or chat room, the user becomes its owner. Properties and members are ignored if the
     * conversation exists.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` for members,
     * `CONFLICTING_FIELDS` for members of a type with fixed members); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for an
     * existing group or chat room that the user never belonged to, and for a pair of two other users;
     * `PERMISSION_DENIED` (`SERVICE_ONLY`) where the server leaves creating groups to services; `FAILED_PRECONDITION`
     * (`TYPE_NOT_SUPPORTED`) for properties that the type does not have.
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.GetOrCreateConversationResponse getOrCreateConversation(dev.backscroll.v1.GetOrCreateConversationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetOrCreateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 100 conversations, each with its own result, in the order of the request.
     * With `as_service` they are shown in full, as `Conversation` describes, also for a user who never belonged to them.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.BatchGetConversationsResponse batchGetConversations(dev.backscroll.v1.BatchGetConversationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchGetConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of the user's list, in the order that `Conversation` describes.
     * Paging to the end by token never misses a conversation. Those that moved up in the meantime come on further pages
     * after the last one in order, also if an earlier page had them. One that does not change is returned exactly once.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `skip` with a token); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListConversationsResponse listConversations(dev.backscroll.v1.ListConversationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the user's whole list in parts, in the order of `ListConversations`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE` for the filter); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`);
     * `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the beginning. Metadata: the common keys.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.backscroll.v1.StreamConversationsResponse>
        streamConversations(dev.backscroll.v1.StreamConversationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getStreamConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes what all members share.
     * In a group or chat room owners and admins may do so, in a `SINGLE` conversation either user, in a `SYSTEM`
     * conversation a service.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY` for
     * `SYSTEM`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for a property that the type does not have.
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateConversationResponse updateConversation(dev.backscroll.v1.UpdateConversationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of one conversation.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateConversationSettingsResponse updateConversationSettings(dev.backscroll.v1.UpdateConversationSettingsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateConversationSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of up to 100 conversations in the same way, each with its own result.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`). In items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.BatchUpdateConversationSettingsResponse batchUpdateConversationSettings(dev.backscroll.v1.BatchUpdateConversationSettingsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getBatchUpdateConversationSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a conversation from the user's list, or from everyone's, with or without its history.
     * The conversation comes back with the next message that counts, and when the user opens it. Deleted history never
     * does.
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `NEGATIVE`, `CONFLICTING_FIELDS` for `stay_hidden` with `EVERYONE`);
     * `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY`) for
     * the scope `EVERYONE`.
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also deletes what arrived since.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteConversationResponse deleteConversation(dev.backscroll.v1.DeleteConversationRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes every conversation of the user's list, for the user alone, with or without its history.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also deletes what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteAllConversationsResponse deleteAllConversations(dev.backscroll.v1.DeleteAllConversationsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteAllConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Moves the user's read position forward, never back, and clears the marks of `MarkConversationUnread`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe if `target` is set and not past the end; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkConversationReadResponse markConversationRead(dev.backscroll.v1.MarkConversationReadRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getMarkConversationReadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Marks a conversation unread until the next read or send: by a flag, or from a message on. The read position stays.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe; the same mark is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkConversationUnreadResponse markConversationUnread(dev.backscroll.v1.MarkConversationUnreadRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getMarkConversationUnreadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Moves the read position of every conversation of the user to its end, or to a time, and clears the marks of
     * `MarkConversationUnread`.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkAllConversationsReadResponse markAllConversationsRead(dev.backscroll.v1.MarkAllConversationsReadRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getMarkAllConversationsReadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Clears the user's unread mentions in one conversation without reading its messages.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also clears what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.ResetMentionsResponse resetMentions(dev.backscroll.v1.ResetMentionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResetMentionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds members to a group or chat room. Existing members are left as they are.
     * In a group only owners and admins may do so. Into a chat room users may add themselves, as `MEMBER`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER`, `ROLE_TOO_LOW`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.AddMembersResponse addMembers(dev.backscroll.v1.AddMembersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getAddMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes members from a group or chat room. Users who are not members are ignored.
     * Only owners and admins may remove others, only an owner another owner. Everybody may leave. When the last owner
     * leaves, another member becomes owner, see `MemberRole`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER` and `ROLE_TOO_LOW` for removing others); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe; also to leave again is no error. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.RemoveMembersResponse removeMembers(dev.backscroll.v1.RemoveMembersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRemoveMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes a member's role. Owners and admins may do so, and services; only owners and services may make or
     * unmake owners.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`, `MEMBER_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`);
     * `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`, `LAST_OWNER`).
     * Retry: safe; the same role is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateMemberResponse updateMember(dev.backscroll.v1.UpdateMemberRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of a conversation's members, in the order in which they were first added. Members may list them,
     * and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMembersResponse listMembers(dev.backscroll.v1.ListMembersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMembersMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ConversationService.
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public static final class ConversationServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ConversationServiceBlockingStub> {
    private ConversationServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConversationServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConversationServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a group or chat room with its members and puts it in the list of the user, who becomes its owner.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS` for another type, `DUPLICATE_VALUE` for members); `ALREADY_EXISTS`
     * (`CONVERSATION_EXISTS`) if the target is taken, but for a retry; `PERMISSION_DENIED` (`SERVICE_ONLY`) where the
     * server leaves creating groups to services; `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for burn after reading,
     * which is for pairs.
     * Retry: safe. If this user created the conversation by a call with the same target, properties and members (in any
     * order), that conversation is returned as it is now.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.CreateConversationResponse createConversation(dev.backscroll.v1.CreateConversationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one conversation, whether it is listed or not.
     * With `as_service` it is shown in full, as `Conversation` describes, also for a user who never belonged to it.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.GetConversationResponse getConversation(dev.backscroll.v1.GetConversationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns a conversation, creating it if it does not exist, and puts it in the user's list.
     * If the call creates a group or chat room, the user becomes its owner. Properties and members are ignored if the
     * conversation exists.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` for members,
     * `CONFLICTING_FIELDS` for members of a type with fixed members); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for an
     * existing group or chat room that the user never belonged to, and for a pair of two other users;
     * `PERMISSION_DENIED` (`SERVICE_ONLY`) where the server leaves creating groups to services; `FAILED_PRECONDITION`
     * (`TYPE_NOT_SUPPORTED`) for properties that the type does not have.
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.GetOrCreateConversationResponse getOrCreateConversation(dev.backscroll.v1.GetOrCreateConversationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetOrCreateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns up to 100 conversations, each with its own result, in the order of the request.
     * With `as_service` they are shown in full, as `Conversation` describes, also for a user who never belonged to them.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.BatchGetConversationsResponse batchGetConversations(dev.backscroll.v1.BatchGetConversationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchGetConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of the user's list, in the order that `Conversation` describes.
     * Paging to the end by token never misses a conversation. Those that moved up in the meantime come on further pages
     * after the last one in order, also if an earlier page had them. One that does not change is returned exactly once.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `skip` with a token); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListConversationsResponse listConversations(dev.backscroll.v1.ListConversationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streams the user's whole list in parts, in the order of `ListConversations`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE` for the filter); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`);
     * `RESOURCE_EXHAUSTED` (`SLOW_READER`, `TOO_MANY_STREAMS`).
     * Retry: safe, from the beginning. Metadata: the common keys.
     * </pre>
     */
    public java.util.Iterator<dev.backscroll.v1.StreamConversationsResponse> streamConversations(
        dev.backscroll.v1.StreamConversationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getStreamConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes what all members share.
     * In a group or chat room owners and admins may do so, in a `SINGLE` conversation either user, in a `SYSTEM`
     * conversation a service.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY` for
     * `SYSTEM`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for a property that the type does not have.
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateConversationResponse updateConversation(dev.backscroll.v1.UpdateConversationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of one conversation.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateConversationSettingsResponse updateConversationSettings(dev.backscroll.v1.UpdateConversationSettingsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateConversationSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of up to 100 conversations in the same way, each with its own result.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`). In items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.BatchUpdateConversationSettingsResponse batchUpdateConversationSettings(dev.backscroll.v1.BatchUpdateConversationSettingsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getBatchUpdateConversationSettingsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a conversation from the user's list, or from everyone's, with or without its history.
     * The conversation comes back with the next message that counts, and when the user opens it. Deleted history never
     * does.
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `NEGATIVE`, `CONFLICTING_FIELDS` for `stay_hidden` with `EVERYONE`);
     * `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY`) for
     * the scope `EVERYONE`.
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also deletes what arrived since.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteConversationResponse deleteConversation(dev.backscroll.v1.DeleteConversationRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteConversationMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes every conversation of the user's list, for the user alone, with or without its history.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also deletes what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.DeleteAllConversationsResponse deleteAllConversations(dev.backscroll.v1.DeleteAllConversationsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteAllConversationsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Moves the user's read position forward, never back, and clears the marks of `MarkConversationUnread`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe if `target` is set and not past the end; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkConversationReadResponse markConversationRead(dev.backscroll.v1.MarkConversationReadRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getMarkConversationReadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Marks a conversation unread until the next read or send: by a flag, or from a message on. The read position stays.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe; the same mark is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkConversationUnreadResponse markConversationUnread(dev.backscroll.v1.MarkConversationUnreadRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getMarkConversationUnreadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Moves the read position of every conversation of the user to its end, or to a time, and clears the marks of
     * `MarkConversationUnread`.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.MarkAllConversationsReadResponse markAllConversationsRead(dev.backscroll.v1.MarkAllConversationsReadRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getMarkAllConversationsReadMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Clears the user's unread mentions in one conversation without reading its messages.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also clears what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.ResetMentionsResponse resetMentions(dev.backscroll.v1.ResetMentionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResetMentionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Adds members to a group or chat room. Existing members are left as they are.
     * In a group only owners and admins may do so. Into a chat room users may add themselves, as `MEMBER`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER`, `ROLE_TOO_LOW`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.AddMembersResponse addMembers(dev.backscroll.v1.AddMembersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getAddMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes members from a group or chat room. Users who are not members are ignored.
     * Only owners and admins may remove others, only an owner another owner. Everybody may leave. When the last owner
     * leaves, another member becomes owner, see `MemberRole`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER` and `ROLE_TOO_LOW` for removing others); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe; also to leave again is no error. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.RemoveMembersResponse removeMembers(dev.backscroll.v1.RemoveMembersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRemoveMembersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes a member's role. Owners and admins may do so, and services; only owners and services may make or
     * unmake owners.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`, `MEMBER_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`);
     * `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`, `LAST_OWNER`).
     * Retry: safe; the same role is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public dev.backscroll.v1.UpdateMemberResponse updateMember(dev.backscroll.v1.UpdateMemberRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateMemberMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Returns one page of a conversation's members, in the order in which they were first added. Members may list them,
     * and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public dev.backscroll.v1.ListMembersResponse listMembers(dev.backscroll.v1.ListMembersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMembersMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ConversationService.
   * <pre>
   * Keeps conversations, each user's list of them, read positions and members.
   * This holds for every method of every service:
   * * Every request names in `user_id` the user for whom it acts: 1 to 256 bytes of UTF-8 without control characters,
   *   compared byte by byte by default. A user identity may name itself only, a service identity any user. A call is
   *   judged by the rights of the user it names; `as_service` adds the rights of a service, which only a service identity
   *   may ask for.
   * * Ids and tokens are unique within a namespace. Page tokens are opaque, like resume tokens; they hold a position and
   *   grant nothing, and they stay valid after deletions and restarts.
   * * What is the same for all calls of a client is metadata. The common keys are `authorization` (the identity),
   *   `backscroll-namespace` (if absent, the server's default) and `x-request-id` or `operationid` (printable ASCII, at
   *   most 128 characters; if absent, a new id). Calls that change something also read `device-id` (if absent, unknown),
   *   which events repeat. Every response has the request id in the trailing metadata `x-request-id`.
   * * A request, a response, and each part of a stream is at most 3 MiB, so that no client needs to raise gRPC's limit of
   *   4 MiB. A page that would be larger ends early with a token.
   * * Errors carry a stable reason, see `ErrorReason`, and a call that fails changes nothing, except for the methods that
   *   work in parts and say so. Every method may return `INVALID_ARGUMENT` (`REQUIRED`, `TOO_LONG`, `TOO_MANY`,
   *   `TOO_LARGE`, `MALFORMED`, `OUT_OF_BOUNDS`, `UNKNOWN_ENUM_VALUE`, `UNKNOWN_FIELD`, `CONFLICTING_FIELDS` for a
   *   recipient of a type that has none, and `CONSISTENCY_TOKEN_MALFORMED` where there is a `consistency`),
   *   `UNAUTHENTICATED` (`NOT_AUTHENTICATED`), `PERMISSION_DENIED` (`USER_NOT_ALLOWED`, `NAMESPACE_NOT_ALLOWED`, and
   *   `SERVICE_ONLY` for `as_service` by a user identity), `NOT_FOUND` (`NAMESPACE_NOT_FOUND`), `RESOURCE_EXHAUSTED`
   *   (`RATE_LIMITED`, `OVERLOADED`), `UNAVAILABLE` (`DATABASE_UNAVAILABLE`, `DISK_FULL`, `DATABASE_READ_ONLY`,
   *   `DATABASE_CORRUPT`, `SHUTTING_DOWN`), `INTERNAL` (`INTERNAL`), and gRPC's own `CANCELLED` and `DEADLINE_EXCEEDED`.
   *   Methods list what they add.
   * * A conversation or message that the user never could see gets the same `NOT_FOUND` as one that does not exist;
   *   `NOT_A_MEMBER` means that the user has left.
   * * A method with the idempotency level `NO_SIDE_EFFECTS` or `IDEMPOTENT` may be retried in any case. The other eight
   *   are safe to retry if the field that their comment names is set to a value that the server returned.
   * * A `ConversationTarget` without a type is `SINGLE` in methods of the level `NO_SIDE_EFFECTS`, and
   *   `INVALID_ARGUMENT`, reason `REQUIRED`, in all others.
   * * New methods, fields, `oneof` members and enum values may be added. In responses ignore what you do not know; treat
   *   an enum value that you do not know like the unspecified one unless its comment says otherwise. In requests a server
   *   refuses what it does not know: a field or `oneof` member is `INVALID_ARGUMENT`, reason `UNKNOWN_FIELD`, so that an
   *   older server never does half of what a newer client meant, for example a deletion without its condition.
   * </pre>
   */
  public static final class ConversationServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ConversationServiceFutureStub> {
    private ConversationServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ConversationServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ConversationServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates a group or chat room with its members and puts it in the list of the user, who becomes its owner.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS` for another type, `DUPLICATE_VALUE` for members); `ALREADY_EXISTS`
     * (`CONVERSATION_EXISTS`) if the target is taken, but for a retry; `PERMISSION_DENIED` (`SERVICE_ONLY`) where the
     * server leaves creating groups to services; `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for burn after reading,
     * which is for pairs.
     * Retry: safe. If this user created the conversation by a call with the same target, properties and members (in any
     * order), that conversation is returned as it is now.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.CreateConversationResponse> createConversation(
        dev.backscroll.v1.CreateConversationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateConversationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one conversation, whether it is listed or not.
     * With `as_service` it is shown in full, as `Conversation` describes, also for a user who never belonged to it.
     * Errors: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`SERVICE_ONLY`);
     * `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.GetConversationResponse> getConversation(
        dev.backscroll.v1.GetConversationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetConversationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns a conversation, creating it if it does not exist, and puts it in the user's list.
     * If the call creates a group or chat room, the user becomes its owner. Properties and members are ignored if the
     * conversation exists.
     * Errors: `INVALID_ARGUMENT` (`REQUIRED` for a target without a type, `DUPLICATE_VALUE` for members,
     * `CONFLICTING_FIELDS` for members of a type with fixed members); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`) for an
     * existing group or chat room that the user never belonged to, and for a pair of two other users;
     * `PERMISSION_DENIED` (`SERVICE_ONLY`) where the server leaves creating groups to services; `FAILED_PRECONDITION`
     * (`TYPE_NOT_SUPPORTED`) for properties that the type does not have.
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.GetOrCreateConversationResponse> getOrCreateConversation(
        dev.backscroll.v1.GetOrCreateConversationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetOrCreateConversationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns up to 100 conversations, each with its own result, in the order of the request.
     * With `as_service` they are shown in full, as `Conversation` describes, also for a user who never belonged to them.
     * Errors: `INVALID_ARGUMENT`; `PERMISSION_DENIED` (`SERVICE_ONLY`); `OUT_OF_RANGE` (`CONSISTENCY_TOKEN_FOREIGN`). In
     * items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `RESOURCE_EXHAUSTED` (`RESPONSE_FULL`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.BatchGetConversationsResponse> batchGetConversations(
        dev.backscroll.v1.BatchGetConversationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchGetConversationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one page of the user's list, in the order that `Conversation` describes.
     * Paging to the end by token never misses a conversation. Those that moved up in the meantime come on further pages
     * after the last one in order, also if an earlier page had them. One that does not change is returned exactly once.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `DUPLICATE_VALUE` for the filter, `PAGE_TOKEN_MALFORMED`,
     * `PAGE_TOKEN_MISMATCH`, `CONFLICTING_FIELDS` for `skip` with a token); `OUT_OF_RANGE` (`PAGE_TOKEN_TOO_OLD`,
     * `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListConversationsResponse> listConversations(
        dev.backscroll.v1.ListConversationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListConversationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes what all members share.
     * In a group or chat room owners and admins may do so, in a `SINGLE` conversation either user, in a `SYSTEM`
     * conversation a service.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY` for
     * `SYSTEM`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`) for a property that the type does not have.
     * Retry: safe; the same values are set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.UpdateConversationResponse> updateConversation(
        dev.backscroll.v1.UpdateConversationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateConversationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of one conversation.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.UpdateConversationSettingsResponse> updateConversationSettings(
        dev.backscroll.v1.UpdateConversationSettingsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateConversationSettingsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes the user's own settings of up to 100 conversations in the same way, each with its own result.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask, `IN_THE_PAST`,
     * `CONFLICTING_FIELDS`). In items: `INVALID_ARGUMENT`; `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe; setting a field to the value that it has changes nothing. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.BatchUpdateConversationSettingsResponse> batchUpdateConversationSettings(
        dev.backscroll.v1.BatchUpdateConversationSettingsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getBatchUpdateConversationSettingsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a conversation from the user's list, or from everyone's, with or without its history.
     * The conversation comes back with the next message that counts, and when the user opens it. Deleted history never
     * does.
     * Errors: `INVALID_ARGUMENT` (`SCOPE_REQUIRED`, `NEGATIVE`, `CONFLICTING_FIELDS` for `stay_hidden` with `EVERYONE`);
     * `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`, `SERVICE_ONLY`) for
     * the scope `EVERYONE`.
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also deletes what arrived since.
     * Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.DeleteConversationResponse> deleteConversation(
        dev.backscroll.v1.DeleteConversationRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteConversationMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes every conversation of the user's list, for the user alone, with or without its history.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also deletes what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.DeleteAllConversationsResponse> deleteAllConversations(
        dev.backscroll.v1.DeleteAllConversationsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteAllConversationsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Moves the user's read position forward, never back, and clears the marks of `MarkConversationUnread`.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe if `target` is set and not past the end; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.MarkConversationReadResponse> markConversationRead(
        dev.backscroll.v1.MarkConversationReadRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getMarkConversationReadMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Marks a conversation unread until the next read or send: by a flag, or from a message on. The read position stays.
     * Errors: `INVALID_ARGUMENT` (`OUT_OF_BOUNDS`, `MALFORMED`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`, and
     * `MESSAGE_NOT_FOUND` for a message of another conversation or outside the user's membership).
     * Retry: safe; the same mark is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.MarkConversationUnreadResponse> markConversationUnread(
        dev.backscroll.v1.MarkConversationUnreadRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getMarkConversationUnreadMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Moves the read position of every conversation of the user to its end, or to a time, and clears the marks of
     * `MarkConversationUnread`.
     * Works in parts of at most 200 conversations, each applied whole. If the call fails, earlier parts stay, and a retry
     * does the rest; the count is of this call.
     * Errors: `INVALID_ARGUMENT`.
     * Retry: safe if `up_to_time` is set and not in the future; else a retry also reads what arrived since. Metadata: the
     * common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.MarkAllConversationsReadResponse> markAllConversationsRead(
        dev.backscroll.v1.MarkAllConversationsReadRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getMarkAllConversationsReadMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Clears the user's unread mentions in one conversation without reading its messages.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`).
     * Retry: safe if `up_to_sequence` is set and not past the end; else a retry also clears what arrived since. Metadata:
     * the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ResetMentionsResponse> resetMentions(
        dev.backscroll.v1.ResetMentionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResetMentionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Adds members to a group or chat room. Existing members are left as they are.
     * In a group only owners and admins may do so. Into a chat room users may add themselves, as `MEMBER`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER`, `ROLE_TOO_LOW`); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.AddMembersResponse> addMembers(
        dev.backscroll.v1.AddMembersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getAddMembersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes members from a group or chat room. Users who are not members are ignored.
     * Only owners and admins may remove others, only an owner another owner. Everybody may leave. When the last owner
     * leaves, another member becomes owner, see `MemberRole`.
     * Errors: `INVALID_ARGUMENT` (`DUPLICATE_VALUE`); `NOT_FOUND` (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED`
     * (`NOT_A_MEMBER` and `ROLE_TOO_LOW` for removing others); `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`).
     * Retry: safe; also to leave again is no error. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.RemoveMembersResponse> removeMembers(
        dev.backscroll.v1.RemoveMembersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRemoveMembersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes a member's role. Owners and admins may do so, and services; only owners and services may make or
     * unmake owners.
     * Errors: `INVALID_ARGUMENT` (`UNKNOWN_FIELD_PATH`, `DUPLICATE_VALUE` and `REQUIRED` for the mask); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`, `MEMBER_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `ROLE_TOO_LOW`);
     * `FAILED_PRECONDITION` (`TYPE_NOT_SUPPORTED`, `LAST_OWNER`).
     * Retry: safe; the same role is set again. Metadata: the common keys and `device-id`.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.UpdateMemberResponse> updateMember(
        dev.backscroll.v1.UpdateMemberRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateMemberMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Returns one page of a conversation's members, in the order in which they were first added. Members may list them,
     * and services with `as_service` for any user.
     * Errors: `INVALID_ARGUMENT` (`NEGATIVE`, `PAGE_TOKEN_MALFORMED`, `PAGE_TOKEN_MISMATCH`); `NOT_FOUND`
     * (`CONVERSATION_NOT_FOUND`); `PERMISSION_DENIED` (`NOT_A_MEMBER`, `SERVICE_ONLY`); `OUT_OF_RANGE`
     * (`PAGE_TOKEN_TOO_OLD`, `CONSISTENCY_TOKEN_FOREIGN`).
     * Retry: safe. Metadata: the common keys.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.backscroll.v1.ListMembersResponse> listMembers(
        dev.backscroll.v1.ListMembersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMembersMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_CONVERSATION = 0;
  private static final int METHODID_GET_CONVERSATION = 1;
  private static final int METHODID_GET_OR_CREATE_CONVERSATION = 2;
  private static final int METHODID_BATCH_GET_CONVERSATIONS = 3;
  private static final int METHODID_LIST_CONVERSATIONS = 4;
  private static final int METHODID_STREAM_CONVERSATIONS = 5;
  private static final int METHODID_UPDATE_CONVERSATION = 6;
  private static final int METHODID_UPDATE_CONVERSATION_SETTINGS = 7;
  private static final int METHODID_BATCH_UPDATE_CONVERSATION_SETTINGS = 8;
  private static final int METHODID_DELETE_CONVERSATION = 9;
  private static final int METHODID_DELETE_ALL_CONVERSATIONS = 10;
  private static final int METHODID_MARK_CONVERSATION_READ = 11;
  private static final int METHODID_MARK_CONVERSATION_UNREAD = 12;
  private static final int METHODID_MARK_ALL_CONVERSATIONS_READ = 13;
  private static final int METHODID_RESET_MENTIONS = 14;
  private static final int METHODID_ADD_MEMBERS = 15;
  private static final int METHODID_REMOVE_MEMBERS = 16;
  private static final int METHODID_UPDATE_MEMBER = 17;
  private static final int METHODID_LIST_MEMBERS = 18;

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
        case METHODID_CREATE_CONVERSATION:
          serviceImpl.createConversation((dev.backscroll.v1.CreateConversationRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.CreateConversationResponse>) responseObserver);
          break;
        case METHODID_GET_CONVERSATION:
          serviceImpl.getConversation((dev.backscroll.v1.GetConversationRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.GetConversationResponse>) responseObserver);
          break;
        case METHODID_GET_OR_CREATE_CONVERSATION:
          serviceImpl.getOrCreateConversation((dev.backscroll.v1.GetOrCreateConversationRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.GetOrCreateConversationResponse>) responseObserver);
          break;
        case METHODID_BATCH_GET_CONVERSATIONS:
          serviceImpl.batchGetConversations((dev.backscroll.v1.BatchGetConversationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchGetConversationsResponse>) responseObserver);
          break;
        case METHODID_LIST_CONVERSATIONS:
          serviceImpl.listConversations((dev.backscroll.v1.ListConversationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListConversationsResponse>) responseObserver);
          break;
        case METHODID_STREAM_CONVERSATIONS:
          serviceImpl.streamConversations((dev.backscroll.v1.StreamConversationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.StreamConversationsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_CONVERSATION:
          serviceImpl.updateConversation((dev.backscroll.v1.UpdateConversationRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationResponse>) responseObserver);
          break;
        case METHODID_UPDATE_CONVERSATION_SETTINGS:
          serviceImpl.updateConversationSettings((dev.backscroll.v1.UpdateConversationSettingsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateConversationSettingsResponse>) responseObserver);
          break;
        case METHODID_BATCH_UPDATE_CONVERSATION_SETTINGS:
          serviceImpl.batchUpdateConversationSettings((dev.backscroll.v1.BatchUpdateConversationSettingsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.BatchUpdateConversationSettingsResponse>) responseObserver);
          break;
        case METHODID_DELETE_CONVERSATION:
          serviceImpl.deleteConversation((dev.backscroll.v1.DeleteConversationRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteConversationResponse>) responseObserver);
          break;
        case METHODID_DELETE_ALL_CONVERSATIONS:
          serviceImpl.deleteAllConversations((dev.backscroll.v1.DeleteAllConversationsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.DeleteAllConversationsResponse>) responseObserver);
          break;
        case METHODID_MARK_CONVERSATION_READ:
          serviceImpl.markConversationRead((dev.backscroll.v1.MarkConversationReadRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationReadResponse>) responseObserver);
          break;
        case METHODID_MARK_CONVERSATION_UNREAD:
          serviceImpl.markConversationUnread((dev.backscroll.v1.MarkConversationUnreadRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkConversationUnreadResponse>) responseObserver);
          break;
        case METHODID_MARK_ALL_CONVERSATIONS_READ:
          serviceImpl.markAllConversationsRead((dev.backscroll.v1.MarkAllConversationsReadRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.MarkAllConversationsReadResponse>) responseObserver);
          break;
        case METHODID_RESET_MENTIONS:
          serviceImpl.resetMentions((dev.backscroll.v1.ResetMentionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ResetMentionsResponse>) responseObserver);
          break;
        case METHODID_ADD_MEMBERS:
          serviceImpl.addMembers((dev.backscroll.v1.AddMembersRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.AddMembersResponse>) responseObserver);
          break;
        case METHODID_REMOVE_MEMBERS:
          serviceImpl.removeMembers((dev.backscroll.v1.RemoveMembersRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.RemoveMembersResponse>) responseObserver);
          break;
        case METHODID_UPDATE_MEMBER:
          serviceImpl.updateMember((dev.backscroll.v1.UpdateMemberRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.UpdateMemberResponse>) responseObserver);
          break;
        case METHODID_LIST_MEMBERS:
          serviceImpl.listMembers((dev.backscroll.v1.ListMembersRequest) request,
              (io.grpc.stub.StreamObserver<dev.backscroll.v1.ListMembersResponse>) responseObserver);
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
          getCreateConversationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.CreateConversationRequest,
              dev.backscroll.v1.CreateConversationResponse>(
                service, METHODID_CREATE_CONVERSATION)))
        .addMethod(
          getGetConversationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.GetConversationRequest,
              dev.backscroll.v1.GetConversationResponse>(
                service, METHODID_GET_CONVERSATION)))
        .addMethod(
          getGetOrCreateConversationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.GetOrCreateConversationRequest,
              dev.backscroll.v1.GetOrCreateConversationResponse>(
                service, METHODID_GET_OR_CREATE_CONVERSATION)))
        .addMethod(
          getBatchGetConversationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.BatchGetConversationsRequest,
              dev.backscroll.v1.BatchGetConversationsResponse>(
                service, METHODID_BATCH_GET_CONVERSATIONS)))
        .addMethod(
          getListConversationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListConversationsRequest,
              dev.backscroll.v1.ListConversationsResponse>(
                service, METHODID_LIST_CONVERSATIONS)))
        .addMethod(
          getStreamConversationsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.backscroll.v1.StreamConversationsRequest,
              dev.backscroll.v1.StreamConversationsResponse>(
                service, METHODID_STREAM_CONVERSATIONS)))
        .addMethod(
          getUpdateConversationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.UpdateConversationRequest,
              dev.backscroll.v1.UpdateConversationResponse>(
                service, METHODID_UPDATE_CONVERSATION)))
        .addMethod(
          getUpdateConversationSettingsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.UpdateConversationSettingsRequest,
              dev.backscroll.v1.UpdateConversationSettingsResponse>(
                service, METHODID_UPDATE_CONVERSATION_SETTINGS)))
        .addMethod(
          getBatchUpdateConversationSettingsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.BatchUpdateConversationSettingsRequest,
              dev.backscroll.v1.BatchUpdateConversationSettingsResponse>(
                service, METHODID_BATCH_UPDATE_CONVERSATION_SETTINGS)))
        .addMethod(
          getDeleteConversationMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.DeleteConversationRequest,
              dev.backscroll.v1.DeleteConversationResponse>(
                service, METHODID_DELETE_CONVERSATION)))
        .addMethod(
          getDeleteAllConversationsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.DeleteAllConversationsRequest,
              dev.backscroll.v1.DeleteAllConversationsResponse>(
                service, METHODID_DELETE_ALL_CONVERSATIONS)))
        .addMethod(
          getMarkConversationReadMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.MarkConversationReadRequest,
              dev.backscroll.v1.MarkConversationReadResponse>(
                service, METHODID_MARK_CONVERSATION_READ)))
        .addMethod(
          getMarkConversationUnreadMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.MarkConversationUnreadRequest,
              dev.backscroll.v1.MarkConversationUnreadResponse>(
                service, METHODID_MARK_CONVERSATION_UNREAD)))
        .addMethod(
          getMarkAllConversationsReadMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.MarkAllConversationsReadRequest,
              dev.backscroll.v1.MarkAllConversationsReadResponse>(
                service, METHODID_MARK_ALL_CONVERSATIONS_READ)))
        .addMethod(
          getResetMentionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ResetMentionsRequest,
              dev.backscroll.v1.ResetMentionsResponse>(
                service, METHODID_RESET_MENTIONS)))
        .addMethod(
          getAddMembersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.AddMembersRequest,
              dev.backscroll.v1.AddMembersResponse>(
                service, METHODID_ADD_MEMBERS)))
        .addMethod(
          getRemoveMembersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.RemoveMembersRequest,
              dev.backscroll.v1.RemoveMembersResponse>(
                service, METHODID_REMOVE_MEMBERS)))
        .addMethod(
          getUpdateMemberMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.UpdateMemberRequest,
              dev.backscroll.v1.UpdateMemberResponse>(
                service, METHODID_UPDATE_MEMBER)))
        .addMethod(
          getListMembersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.backscroll.v1.ListMembersRequest,
              dev.backscroll.v1.ListMembersResponse>(
                service, METHODID_LIST_MEMBERS)))
        .build();
  }

  private static abstract class ConversationServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ConversationServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.backscroll.v1.ConversationServiceProto.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ConversationService");
    }
  }

  private static final class ConversationServiceFileDescriptorSupplier
      extends ConversationServiceBaseDescriptorSupplier {
    ConversationServiceFileDescriptorSupplier() {}
  }

  private static final class ConversationServiceMethodDescriptorSupplier
      extends ConversationServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ConversationServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (ConversationServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ConversationServiceFileDescriptorSupplier())
              .addMethod(getCreateConversationMethod())
              .addMethod(getGetConversationMethod())
              .addMethod(getGetOrCreateConversationMethod())
              .addMethod(getBatchGetConversationsMethod())
              .addMethod(getListConversationsMethod())
              .addMethod(getStreamConversationsMethod())
              .addMethod(getUpdateConversationMethod())
              .addMethod(getUpdateConversationSettingsMethod())
              .addMethod(getBatchUpdateConversationSettingsMethod())
              .addMethod(getDeleteConversationMethod())
              .addMethod(getDeleteAllConversationsMethod())
              .addMethod(getMarkConversationReadMethod())
              .addMethod(getMarkConversationUnreadMethod())
              .addMethod(getMarkAllConversationsReadMethod())
              .addMethod(getResetMentionsMethod())
              .addMethod(getAddMembersMethod())
              .addMethod(getRemoveMembersMethod())
              .addMethod(getUpdateMemberMethod())
              .addMethod(getListMembersMethod())
              .build();
        }
      }
    }
    return result;
  }
}
