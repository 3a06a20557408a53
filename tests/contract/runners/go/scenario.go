package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
)

const defaultWithin = 10.0

// runner executes scenarios, several at a time.
type runner struct {
	suite   suite
	callers *callers
	server  *server
}

// scenarioRun is the state of one scenario.
type scenarioRun struct {
	*runner
	values  values
	users   map[string]knownUser
	streams map[string]*openStream
	// What the present step has captured: steps after it may use that.
	captures []capture
}

// run executes a scenario.
func (r *runner) run(s scenario) result {
	for _, need := range s.Needs {
		if !slices.Contains(r.callers.known.Has, need) {
			return result{Name: s.Name, Result: scenarioNotRun, Why: need}
		}
	}
	current := &scenarioRun{r, values{}, map[string]knownUser{}, map[string]*openStream{}, nil}
	for _, name := range s.Users {
		current.users[name] = r.callers.takeUser(name)
		current.values[name] = current.users[name].UserID
	}
	for _, name := range s.IDs {
		current.values[name] = randomText()
	}
	defer func() {
		for _, stream := range current.streams {
			stream.cancel()
		}
	}()
	for i, step := range s.Steps {
		current.captures = nil
		if err := errors.Join(current.execute(step), current.values.capture(current.captures)); err != nil {
			return result{Name: s.Name, Result: scenarioFailed, Why: fmt.Sprintf("step %d: %v", i+1, err)}
		}
	}
	return result{Name: s.Name, Result: scenarioPassed}
}

func (r *scenarioRun) execute(s step) error {
	within := seconds(defaultWithin)
	if s.Within != nil {
		within = seconds(*s.Within)
	}
	switch {
	case s.Wait != nil:
		time.Sleep(seconds(*s.Wait))
		return nil
	case s.Call != "":
		return r.call(s, within)
	case s.Open != "":
		return r.open(s, time.After(within))
	}
	name := cmp.Or(s.Receive, s.End, s.Close)
	stream, open := r.streams[name]
	if !open {
		return fmt.Errorf("no stream %q is open", name)
	}
	if s.Receive != "" {
		return r.receive(s, stream, time.After(within))
	}
	defer stream.cancel()
	delete(r.streams, name)
	if s.End != "" {
		return r.end(s, stream, time.After(within))
	}
	return nil
}

func seconds(number float64) time.Duration {
	return time.Duration(number * float64(time.Second))
}

func (r *scenarioRun) call(s step, within time.Duration) error {
	m, requests, sent, err := r.prepare(s.Call, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	answer, received, failure := r.server.call(ctx, m, requests, sent)
	if err := r.checkEnd(s.Error, failure); err != nil {
		return err
	}
	if s.Expect != nil {
		if err := r.check(s.Expect, answer, "answer"); err != nil {
			return err
		}
	}
	if s.AnswerMetadata != nil {
		return r.check(s.AnswerMetadata, received, "answer_metadata")
	}
	return nil
}

func (r *scenarioRun) open(s step, timeout <-chan time.Time) error {
	if _, open := r.streams[s.Stream]; open || s.Stream == "" {
		return fmt.Errorf("no name for a new stream: %q", s.Stream)
	}
	m, requests, sent, err := r.prepare(s.Open, s)
	if err != nil {
		return err
	}
	stream := r.server.open(m, requests, sent, r.suite.Streams[s.Open])
	r.streams[s.Stream] = stream
	if err := stream.next(timeout); err != nil {
		return fmt.Errorf("no first answer: %s", ending(err))
	}
	if s.Expect != nil {
		return r.check(s.Expect, stream.answer, "answer")
	}
	return nil
}

func (r *scenarioRun) receive(s step, stream *openStream, timeout <-chan time.Time) error {
	marker, err := r.values.expand(s.Until)
	if err != nil {
		return err
	}
	found, err := stream.readUntil(marker, timeout)
	if err != nil {
		return err
	}
	r.captures = found.captures
	if s.Changes != nil {
		if err := r.check(s.Changes, found.changes, "changes"); err != nil {
			return err
		}
	}
	for i, expectation := range s.States {
		if err := r.checkStates(expectation, found.states, fmt.Sprintf("states[%d]", i)); err != nil {
			return err
		}
	}
	if s.Answer != nil {
		return r.check(s.Answer, found.answer, "answer")
	}
	return nil
}

// checkStates looks at the last of the states that the expectation is about.
func (r *scenarioRun) checkStates(expectation stateExpectation, states []any, place string) error {
	of, err := r.values.expand(expectation.Of)
	if err != nil {
		return err
	}
	for _, state := range slices.Backward(states) {
		if _, err := meets(of, state, place+".of"); err == nil {
			return r.check(expectation.Last, state, place+".last")
		}
	}
	return fmt.Errorf("%s: expected a state that meets %s, came %s", place, show(of), show(states))
}

func (r *scenarioRun) end(s step, stream *openStream, timeout <-chan time.Time) error {
	failure := stream.readToEnd(timeout)
	if failure == (timedOut{}) {
		return errors.New("expected the end of the stream, it did not come in time")
	}
	return r.checkEnd(s.Error, failure)
}

// checkEnd compares the end of a call with the error that is expected, or with none.
func (r *scenarioRun) checkEnd(expected any, failure error) error {
	switch {
	case expected == nil && failure != nil:
		return fmt.Errorf("expected success, came %s", failureText(failure))
	case expected != nil && failure == nil:
		return fmt.Errorf("expected the error %s, came success", show(expected))
	case expected != nil:
		return r.check(expected, describe(failure), "error")
	}
	return nil
}

// check compares what came with an expectation.
func (r *scenarioRun) check(expectation, came any, place string) error {
	expected, err := r.values.expand(expectation)
	if err != nil {
		return err
	}
	captures, err := meets(expected, came, place)
	r.captures = append(r.captures, captures...)
	return err
}

// prepare finds the method of a step, and makes its requests and the metadata to send.
func (r *scenarioRun) prepare(name string, s step) (m *method, requests []proto.Message, sent map[string]string, err error) {
	if m, err = r.server.method(name); err != nil {
		return
	}
	values := s.Requests
	if values == nil {
		values = []any{s.Request}
		if s.Request == nil {
			values = []any{map[string]any{}}
		}
	}
	expanded, err := r.values.expandRequest(values)
	if err != nil {
		return
	}
	if requests, err = m.requests(expanded.([]any)); err != nil {
		return
	}
	sent = r.callers.metadata(cmp.Or(s.As, "service"), r.users)
	for key, value := range s.Metadata {
		if sent[key], err = r.values.text(value); err != nil {
			return
		}
	}
	return
}
