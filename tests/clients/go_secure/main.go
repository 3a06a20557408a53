// Asks over TLS how many messages a user has not read, and prints the number.
//
// Arguments: HOST:PORT, the id of the user, the file of the server's authority, and then either a service key, or the
// files of a client certificate and of its private key.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"os"
	"time"

	backscrollv1 "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
)

func main() {
	if len(os.Args) != 5 && len(os.Args) != 6 {
		log.Fatal("usage: secure HOST:PORT USER_ID CA (SERVICE_KEY | CERTIFICATE PRIVATE_KEY)")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		log.Fatal(err)
	}
}

func run(address, user, authority string, proof []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	pem, err := os.ReadFile(authority)
	if err != nil {
		return err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	config.RootCAs.AppendCertsFromPEM(pem)
	if len(proof) == 1 {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+proof[0])
	} else {
		certificate, err := tls.LoadX509KeyPair(proof[0], proof[1])
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	channel, err := grpc.NewClient(address, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	if err != nil {
		return err
	}
	defer channel.Close()
	response, err := backscrollv1.NewUserServiceClient(channel).GetUnreadSummary(
		ctx, &backscrollv1.GetUnreadSummaryRequest{UserId: user})
	if err != nil {
		return err
	}
	fmt.Println(response.GetTotals().GetUnreadCount())
	return nil
}
