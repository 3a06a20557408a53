#!/usr/bin/env bash
# Packs the Go client into FOLDER as a module proxy serves it, installs it from there into an empty project in FOLDER, and
# makes a call with that to the server at $BACKSCROLL_ADDRESS.
# Needs: Go.
set -euo pipefail
[ $# = 1 ] && [ -n "${BACKSCROLL_ADDRESS:-}" ] || { echo "usage: BACKSCROLL_ADDRESS=HOST:PORT $0 FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
# All packages have the version of the Python one.
version=v$(sed -n 's/^version = "\(.*\)"/\1/p' generated/python/pyproject.toml)
(cd protos/tools/go && go run ./packmodule ../../../generated/go "$version" "$folder/proxy")

rm -rf "$folder/modules" "$folder/project"
mkdir "$folder/project"
# The checksums of what the client needs, so that no checksum database is asked.
cp generated/go/go.sum "$folder/project/go.sum"
cd "$folder/project"
cat > main.go << 'END'
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/backscroll/backscroll-go"
	backscrollv1 "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := grpc.NewClient(os.Getenv("BACKSCROLL_ADDRESS"),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(backscroll.ServiceConfig))
	if err != nil {
		log.Fatal(err)
	}
	summary, err := backscrollv1.NewUserServiceClient(conn).GetUnreadSummary(
		ctx, &backscrollv1.GetUnreadSummaryRequest{UserId: "pack-go"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("answered: %d\n", summary.GetTotals().GetUnreadCount())
}
END
# The pack has no entry in the checksum database. It gets a cache of its own, because another pack may have the same version;
# what it needs comes from the shared cache where that has it.
GOPROXY="file://$folder/proxy,file://$(go env GOMODCACHE)/cache/download,$(go env GOPROXY)"
export GOPROXY GOMODCACHE=$folder/modules GONOSUMDB=github.com/backscroll/backscroll-go GOFLAGS="-modcacherw $(go env GOFLAGS)"
go mod init example.com/project
go get "github.com/backscroll/backscroll-go@$version" .
go run .
