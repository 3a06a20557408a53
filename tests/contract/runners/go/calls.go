package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	// Registers the generated types, in which requests and answers are found by their names.
	_ "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// method is one method of the contract with its generated types.
type method struct {
	protoreflect.MethodDescriptor
	path          string
	input, output protoreflect.MessageType
}

// method finds the method of a name such as Service/Method.
func (s *server) method(name string) (*method, error) {
	serviceName, methodName, _ := strings.Cut(name, "/")
	fullName := protoreflect.FullName(s.namespace + "." + serviceName)
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(fullName)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", fullName, err)
	}
	service, isService := found.(protoreflect.ServiceDescriptor)
	if !isService {
		return nil, fmt.Errorf("%s is not a service", fullName)
	}
	descriptor := service.Methods().ByName(protoreflect.Name(methodName))
	if descriptor == nil {
		return nil, fmt.Errorf("%s has no method %q", fullName, methodName)
	}
	input, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.Input().FullName())
	if err != nil {
		return nil, err
	}
	output, err := protoregistry.GlobalTypes.FindMessageByName(descriptor.Output().FullName())
	if err != nil {
		return nil, err
	}
	return &method{descriptor, fmt.Sprintf("/%s/%s", fullName, methodName), input, output}, nil
}

// requests makes messages of the method's type from JSON.
func (m *method) requests(values []any) ([]proto.Message, error) {
	messages := make([]proto.Message, len(values))
	for i, value := range values {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		messages[i] = m.input.New().Interface()
		if err := protojson.Unmarshal(text, messages[i]); err != nil {
			return nil, fmt.Errorf("not a request: %w", err)
		}
	}
	return messages, nil
}

// receive returns the next answer as JSON, or the error that ends the stream: io.EOF where it ends well.
func (m *method) receive(stream grpc.ClientStream) (any, error) {
	message := m.output.New().Interface()
	if err := stream.RecvMsg(message); err != nil {
		return nil, err
	}
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		return nil, err
	}
	var answer any
	return answer, newDecoder(text).Decode(&answer)
}

// begin sends all requests of a call and no more.
func (s *server) begin(ctx context.Context, m *method, requests []proto.Message, sent map[string]string) (grpc.ClientStream, error) {
	ctx = metadata.NewOutgoingContext(ctx, metadata.New(sent))
	description := &grpc.StreamDesc{ServerStreams: m.IsStreamingServer(), ClientStreams: m.IsStreamingClient()}
	stream, err := s.conn.NewStream(ctx, description, m.path)
	if err != nil {
		return nil, err
	}
	for _, request := range requests {
		// At io.EOF the call has ended already: receiving says why.
		if err := stream.SendMsg(request); err == io.EOF {
			return stream, nil
		} else if err != nil {
			return nil, err
		}
	}
	return stream, stream.CloseSend()
}

// call makes a whole call. Answers of a stream are put together; failure is nil or the error that ended the call.
func (s *server) call(
	ctx context.Context, m *method, requests []proto.Message, sent map[string]string,
) (answer any, received map[string]any, failure error) {
	stream, err := s.begin(ctx, m, requests, sent)
	if err != nil {
		return nil, nil, err
	}
	all := map[string]any{}
	for {
		part, err := m.receive(stream)
		if err == io.EOF {
			break
		}
		if err != nil {
			failure = err
			break
		}
		addPart(all, part.(map[string]any))
		if !m.IsStreamingServer() {
			break
		}
	}
	// Without a header the call has failed, which the error says.
	header, _ := stream.Header()
	return all, metadataOf(header, stream.Trailer()), failure
}

// addPart adds an answer of a stream to those before it: to lists, and in place of everything else.
func addPart(all, part map[string]any) {
	for name, value := range part {
		before, _ := all[name].([]any)
		if list, isList := value.([]any); isList {
			value = append(before, list...)
		}
		all[name] = value
	}
}

// metadataOf returns the last value of each key.
func metadataOf(parts ...metadata.MD) map[string]any {
	result := map[string]any{}
	for _, part := range parts {
		for key, values := range part {
			result[key] = values[len(values)-1]
		}
	}
	return result
}

// describe returns an error of a call in the form in which scenarios expect it.
func describe(failure error) map[string]any {
	found := status.Convert(failure)
	result := map[string]any{"status": code.Code(found.Code()).String(), "retry": false}
	for _, detail := range found.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			entries := map[string]any{}
			for key, value := range detail.GetMetadata() {
				entries[key] = value
			}
			result["reason"], result["metadata"] = detail.GetReason(), entries
		case *errdetails.BadRequest:
			if violations := detail.GetFieldViolations(); len(violations) > 0 {
				result["field"] = violations[0].GetField()
			}
		case *errdetails.RetryInfo:
			result["retry"] = true
		}
	}
	return result
}
