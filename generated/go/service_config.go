// Package backscroll holds what clients of Backscroll need beside the generated code of backscroll/v1.
package backscroll

import _ "embed"

// ServiceConfig is gRPC's service config in JSON: the calls that are safe to retry in any case are retried when the
// status is UNAVAILABLE. It is for grpc.WithDefaultServiceConfig.
//
//go:embed grpc_service_config.json
var ServiceConfig string
