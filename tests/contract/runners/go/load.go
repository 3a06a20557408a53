package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const format = 1

// suite is what all files of scenarios share.
type suite struct {
	Format  int
	About   string
	Package string
	Streams map[string]streamKinds
}

type streamKinds struct {
	Items           string
	Changes, States []string
}

type scenarioFile struct {
	Format    int
	About     string
	Scenarios []scenario
}

type scenario struct {
	Name, About       string
	Needs, Users, IDs []string
	Steps             []step
}

// step has exactly one of Call, Open, Receive, End, Close and Wait.
type step struct {
	Call, Open, Receive, End, Close string
	Wait, Within                    *float64
	About, As, Stream               string
	Request                         any
	Requests                        []any
	Metadata                        map[string]string
	Expect                          any
	// Not nil where the call must fail.
	Error                  any
	AnswerMetadata         any `json:"answer_metadata"`
	Until, Changes, Answer any
	States                 []stateExpectation
}

type stateExpectation struct{ Of, Last any }

type identities struct {
	Format  int
	Has     []string
	Callers map[string]map[string]string
	Users   []knownUser
}

type knownUser struct {
	UserID   string `json:"user_id"`
	Metadata map[string]string
}

// loadScenarios reads a folder, in the order of file names, and keeps the scenarios whose names contain a text.
func loadScenarios(folder, only string) (suite, []scenario, error) {
	var shared suite
	suitePath := filepath.Join(folder, "suite.json")
	if err := load(suitePath, &shared); err != nil {
		return shared, nil, err
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return shared, nil, err
	}
	slices.Sort(paths)
	var kept []scenario
	names := map[string]bool{}
	for _, path := range paths {
		if path == suitePath {
			continue
		}
		var file scenarioFile
		if err := load(path, &file); err != nil {
			return shared, nil, err
		}
		for _, one := range file.Scenarios {
			if names[one.Name] {
				return shared, nil, fmt.Errorf("%s: the name %q is there twice", path, one.Name)
			}
			names[one.Name] = true
			if strings.Contains(one.Name, only) {
				kept = append(kept, one)
			}
		}
	}
	return shared, kept, nil
}

// loadCredentials reads a credentials file; without a path the target has nothing, and every caller is anonymous.
func loadCredentials(path string) (*identities, error) {
	loaded := &identities{}
	if path == "" {
		return loaded, nil
	}
	return loaded, load(path, loaded)
}

// load reads a file of the format, and refuses keys that the format does not have.
func load(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var version struct{ Format int }
	if err := json.Unmarshal(text, &version); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if version.Format != format {
		return fmt.Errorf("%s: format %d is not known, only %d is", path, version.Format, format)
	}
	decoder := newDecoder(text)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// newDecoder keeps numbers as they are written.
func newDecoder(text []byte) *json.Decoder {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder
}
