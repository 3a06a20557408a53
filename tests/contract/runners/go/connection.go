package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

const connectSeconds = 10

// server is what scenarios call.
type server struct {
	conn      *grpc.ClientConn
	namespace string
}

// connect waits until the target takes connections.
func connect(o options, protoPackage string) (*server, error) {
	transport := insecure.NewCredentials()
	if o.authority != "" {
		pem, err := os.ReadFile(o.authority)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s: no certificate", o.authority)
		}
		transport = credentials.NewTLS(&tls.Config{RootCAs: roots})
	}
	dialOptions := []grpc.DialOption{grpc.WithTransportCredentials(transport), grpc.WithNoProxy()}
	if o.serviceConfig != "" {
		config, err := os.ReadFile(o.serviceConfig)
		if err != nil {
			return nil, err
		}
		dialOptions = append(dialOptions, grpc.WithDefaultServiceConfig(string(config)))
	}
	conn, err := grpc.NewClient(o.target, dialOptions...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectSeconds*time.Second)
	defer cancel()
	conn.Connect()
	for state := conn.GetState(); state != connectivity.Ready; state = conn.GetState() {
		if !conn.WaitForStateChange(ctx, state) {
			conn.Close()
			return nil, fmt.Errorf("%s cannot be reached", o.target)
		}
	}
	return &server{conn, protoPackage}, nil
}
