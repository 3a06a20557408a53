"""gRPC: calls in, answers and statuses out. The only package that imports grpc and the stubs."""
