"""The gRPC layer of the server: it turns calls into operations of the services, and errors into statuses."""
