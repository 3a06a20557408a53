// Runs the contract's scenarios against a server. The format and the command line are in tests/contract/README.md.
package main

import (
	"flag"
	"fmt"
	"os"
)

const (
	passed      = 0
	failed      = 1
	cannotBegin = 2
)

type options struct {
	target, scenarios, report, authority, credentials, serviceConfig, only string
	parallel                                                               int
}

func main() {
	status, err := run(readOptions())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(status)
}

// readOptions ends the program with status 2 where the command line is wrong.
func readOptions() options {
	var o options
	flag.StringVar(&o.target, "target", "", "`HOST:PORT` of the server")
	flag.StringVar(&o.scenarios, "scenarios", "", "`FOLDER` of the scenarios")
	flag.StringVar(&o.report, "report", "", "`FILE` for the report")
	flag.StringVar(&o.authority, "tls-ca", "", "`FILE` of the certificates that sign the server's")
	flag.StringVar(&o.credentials, "credentials", "", "`FILE` of what the target has and who callers are")
	flag.StringVar(&o.serviceConfig, "service-config", "", "`FILE` of gRPC's service config")
	flag.StringVar(&o.only, "only", "", "runs the scenarios whose names contain the `TEXT`")
	flag.IntVar(&o.parallel, "parallel", 8, "`NUMBER` of scenarios that run at a time")
	flag.Parse()
	if o.target == "" || o.scenarios == "" || o.report == "" || o.parallel < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(cannotBegin)
	}
	return o
}

func run(o options) (int, error) {
	suite, scenarios, err := loadScenarios(o.scenarios, o.only)
	if err != nil {
		return cannotBegin, err
	}
	known, err := loadCredentials(o.credentials)
	if err != nil {
		return cannotBegin, err
	}
	server, err := connect(o, suite.Package)
	if err != nil {
		return cannotBegin, err
	}
	defer server.conn.Close()
	results := runAll(&runner{suite, &callers{known: known}, server}, scenarios, o.parallel)
	if err := writeReport(o.report, results); err != nil {
		return cannotBegin, err
	}
	if printSummary(results) > 0 {
		return failed, nil
	}
	return passed, nil
}
