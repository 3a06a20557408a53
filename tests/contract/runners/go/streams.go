package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
)

// openStream is a stream of answers that does not end by itself.
type openStream struct {
	cancel   context.CancelFunc
	kinds    streamKinds
	received chan received
	// The answer that was read last, and what of the answers no step has looked at yet.
	answer          any
	changes, states []any
}

// received is an answer, or what ended the stream.
type received struct {
	answer any
	err    error
}

// open begins to read a stream, which lasts until it is cancelled.
func (s *server) open(m *method, requests []proto.Message, sent map[string]string, kinds streamKinds) *openStream {
	ctx, cancel := context.WithCancel(context.Background())
	opened := &openStream{cancel: cancel, kinds: kinds, received: make(chan received)}
	go func() {
		stream, err := s.begin(ctx, m, requests, sent)
		for more := true; more; more = err == nil {
			var answer any
			if err == nil {
				answer, err = m.receive(stream)
			}
			select {
			case opened.received <- received{answer, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return opened
}

// timedOut is the error of a stream that sends nothing and does not end.
type timedOut struct{}

func (timedOut) Error() string { return "nothing came in time" }

// next reads an answer and sorts its items.
//
// It fails with timedOut, or with what ended the stream.
func (s *openStream) next(timeout <-chan time.Time) error {
	var came received
	select {
	case came = <-s.received:
	case <-timeout:
		return timedOut{}
	}
	if came.err != nil {
		return came.err
	}
	s.answer = came.answer
	items, _ := came.answer.(map[string]any)[s.kinds.Items].([]any)
	for _, item := range items {
		fields := item.(map[string]any)
		if kindOf(fields, s.kinds.Changes) != "" {
			s.changes = append(s.changes, item)
		} else if kind := kindOf(fields, s.kinds.States); kind != "" {
			s.states = append(s.states, fields[kind])
		}
	}
	return nil
}

func kindOf(fields map[string]any, kinds []string) string {
	for _, kind := range kinds {
		if _, is := fields[kind]; is {
			return kind
		}
	}
	return ""
}

// part is what a step looks at: the changes before the marker, the states up to the end of the marker's answer, that
// answer, and what the marker captured.
type part struct {
	changes, states []any
	answer          any
	captures        []capture
}

// readUntil reads answers until a change meets the expectation.
func (s *openStream) readUntil(marker any, timeout <-chan time.Time) (part, error) {
	for looked := 0; ; looked++ {
		for looked == len(s.changes) {
			if err := s.next(timeout); err != nil {
				return part{}, fmt.Errorf("no marker %s among the changes %s: %s", show(marker), show(s.changes), ending(err))
			}
		}
		if captures, err := meets(marker, s.changes[looked], "until"); err == nil {
			found := part{s.changes[:looked], s.states, s.answer, captures}
			s.changes, s.states = slices.Clone(s.changes[looked+1:]), nil
			return found, nil
		}
	}
}

// readToEnd passes over answers until the stream ends, and returns what ended it: nil where it ended well.
func (s *openStream) readToEnd(timeout <-chan time.Time) error {
	for {
		if err := s.next(timeout); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// ending says in words why there is no further answer.
func ending(err error) string {
	switch {
	case err == io.EOF:
		return "the stream ended well"
	case err == (timedOut{}):
		return err.Error()
	}
	return fmt.Sprintf("the stream ended with %s", failureText(err))
}

// failureText is an error of a call for readers.
func failureText(failure error) string {
	return fmt.Sprintf("%s (%v)", show(describe(failure)), failure)
}
