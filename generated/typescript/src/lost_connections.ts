import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

/**
 * An interceptor that gives a call whose connection breaks the status UNAVAILABLE, as gRPC's own clients do.
 *
 * Connect says ABORTED or CANCELLED, which a server says for other reasons.
 */
export const lostConnections: Interceptor = (next) => async (request) => {
  try {
    const response = await next(request);
    return response.stream ? { ...response, message: read(response.message, request.signal) } : response;
  } catch (error) {
    throw named(error, request.signal);
  }
};

async function* read<T>(answers: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  try {
    yield* answers;
  } catch (error) {
    throw named(error, signal);
  }
}

/** Returns UNAVAILABLE where neither the server nor the caller ended the call; other errors as they are. */
function named(error: unknown, signal: AbortSignal): ConnectError {
  const known = ConnectError.from(error);
  const fromServer = known.metadata.has("grpc-status");
  if (fromServer || signal.aborted || (known.code !== Code.Aborted && known.code !== Code.Canceled)) {
    return known;
  }
  return new ConnectError(known.rawMessage, Code.Unavailable, known.metadata, undefined, error);
}
