package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"
)

const (
	scenarioPassed = "passed"
	scenarioFailed = "failed"
	scenarioNotRun = "not run"
)

// result is an entry of the report.
type result struct {
	Name    string  `json:"name"`
	Result  string  `json:"result"`
	Why     string  `json:"why,omitempty"`
	Seconds float64 `json:"seconds"`
}

// runAll executes scenarios side by side and returns their results in the scenarios' order.
func runAll(r *runner, scenarios []scenario, parallel int) []result {
	results := make([]result, len(scenarios))
	places := make(chan struct{}, parallel)
	var running sync.WaitGroup
	for i, one := range scenarios {
		places <- struct{}{}
		running.Go(func() {
			began := time.Now()
			results[i] = r.run(one)
			results[i].Seconds = time.Since(began).Seconds()
			<-places
		})
	}
	running.Wait()
	return results
}

func writeReport(path string, results []result) error {
	text, err := json.MarshalIndent(results, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// printSummary prints the failures and the counts, and returns how many failed.
func printSummary(results []result) int {
	counts := map[string]int{}
	for _, one := range results {
		counts[one.Result]++
		if one.Result == scenarioFailed {
			fmt.Printf("failed: %s: %s\n", one.Name, one.Why)
		}
	}
	fmt.Printf("%d passed, %d failed, %d not run\n", counts[scenarioPassed], counts[scenarioFailed], counts[scenarioNotRun])
	return counts[scenarioFailed]
}
