// Sends COUNT messages from PEER to USER, and follows USER's events until as many messages have arrived.
//
// Usage: PROGRAM USER PEER COUNT. It sends the first message, pages the history of the conversation in both directions, and
// follows the events while it sends the others. A dropped connection or a restart of the server neither loses nor doubles a
// message: a send is repeated with the same client_message_id, and the watch goes on from its last token.
//
// BACKSCROLL_ADDRESS is the server (127.0.0.1:50051 by default), BACKSCROLL_TLS_CA the file of the authority that signs its
// certificate (without one, calls go in plain text), BACKSCROLL_TOKEN the service key or token of the caller.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/backscroll/backscroll-go"
	pb "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: PROGRAM USER PEER COUNT")
	}
	user, peer := os.Args[1], os.Args[2]
	count, err := strconv.Atoi(os.Args[3])
	check(err)
	conn, err := connect()
	check(err)
	messages, events := pb.NewMessageServiceClient(conn), pb.NewEventServiceClient(conn)
	ctx := context.Background()
	if token := os.Getenv("BACKSCROLL_TOKEN"); token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}

	// A watch from the moment before the first message delivers all of them.
	before, err := events.ListEvents(ctx, &pb.ListEventsRequest{UserId: user})
	check(err)
	run := rand.Text()
	check(send(ctx, messages, peer, user, run+"-1"))
	for _, direction := range []pb.SearchDirection{pb.SearchDirection_SEARCH_DIRECTION_UP, pb.SearchDirection_SEARCH_DIRECTION_DOWN} {
		read := 0
		check(readHistory(ctx, messages, user, peer, direction, func(*pb.Message) { read++ }))
		log.Printf("%s: %d messages", direction, read)
	}
	go func() {
		for number := 2; number <= count; number++ {
			time.Sleep(100 * time.Millisecond)
			check(send(ctx, messages, peer, user, fmt.Sprintf("%s-%d", run, number)))
		}
	}()
	check(follow(ctx, messages, events, user, peer, before.GetResumeToken(), count))
}

func connect() (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if file := os.Getenv("BACKSCROLL_TLS_CA"); file != "" {
		var err error
		if transport, err = credentials.NewClientTLSFromFile(file, ""); err != nil {
			return nil, err
		}
	}
	return grpc.NewClient(cmp.Or(os.Getenv("BACKSCROLL_ADDRESS"), "127.0.0.1:50051"),
		grpc.WithTransportCredentials(transport), grpc.WithDefaultServiceConfig(backscroll.ServiceConfig),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second}))
}

// send stores one message, however often it has to try: its id keeps it from being stored twice.
func send(ctx context.Context, messages pb.MessageServiceClient, from, to, clientMessageID string) error {
	content := &pb.Content{Kind: &pb.Content_Text{Text: &pb.TextContent{Text: "Hello, " + to}}}
	for attempt := 1; ; attempt++ {
		deadline, cancel := context.WithTimeout(ctx, 10*time.Second)
		_, err := messages.SendMessage(deadline, &pb.SendMessageRequest{UserId: from, Conversation: single(to),
			Message: &pb.OutgoingMessage{Content: content, ClientMessageId: clientMessageID}})
		cancel()
		if err == nil {
			return nil
		}
		if err := pause(err, attempt); err != nil {
			return err
		}
	}
}

// readHistory pages through a whole conversation as the user sees it. One that does not exist yet has no messages.
func readHistory(ctx context.Context, messages pb.MessageServiceClient, user, peer string,
	direction pb.SearchDirection, each func(*pb.Message)) error {
	request := &pb.ListMessagesRequest{UserId: user, Conversation: single(peer), Direction: direction, PageSize: 50}
	for first := true; first || request.PageToken != ""; first = false {
		page, err := messages.ListMessages(ctx, request)
		if status.Code(err) == codes.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		for _, message := range page.GetMessages() {
			each(message)
		}
		request.PageToken = page.GetNextPageToken()
	}
	return nil
}

// follow prints each message that arrives, and returns after a number of them.
func follow(ctx context.Context, messages pb.MessageServiceClient, events pb.EventServiceClient,
	user, peer, token string, count int) error {
	received := map[string]bool{}
	receive := func(message *pb.Message) {
		if id := message.GetMessageId(); !received[id] {
			received[id] = true
			fmt.Println("received", id)
		}
	}
	for attempt := 1; ; attempt++ {
		stream, err := events.WatchEvents(ctx, &pb.WatchEventsRequest{UserId: user, ResumeToken: token})
		for err == nil {
			var part *pb.WatchEventsResponse
			part, err = stream.Recv()
			if err == nil && token == "" {
				// The watch has begun again: what was stored before is in the history alone.
				err = readHistory(ctx, messages, user, peer, pb.SearchDirection_SEARCH_DIRECTION_DOWN, receive)
			}
			for _, event := range part.GetEvents() {
				if message := event.GetMessageReceived().GetMessage(); message != nil {
					receive(message)
				}
			}
			if len(received) >= count {
				return nil
			}
			if err == nil {
				// A program that keeps messages stores the token together with them.
				token, attempt = part.GetResumeToken(), 0
			}
		}
		if status.Code(err) == codes.OutOfRange && token != "" {
			log.Printf("begins again: %v", err)
			token = ""
		} else if err := pause(err, attempt); err != nil {
			return err
		}
	}
}

// pause waits before the next attempt: as long as the server says, or longer each time. It returns an error that stays.
func pause(err error, attempt int) error {
	switch code := status.Code(err); {
	case err == io.EOF, code == codes.Unavailable, code == codes.ResourceExhausted, code == codes.DeadlineExceeded:
	default:
		return err
	}
	wait := min(100*time.Millisecond<<min(attempt, 10), 5*time.Second)
	for _, detail := range status.Convert(err).Details() {
		if info, is := detail.(*errdetails.RetryInfo); is {
			wait = info.GetRetryDelay().AsDuration()
		}
	}
	time.Sleep(wait)
	return nil
}

func single(userID string) *pb.ConversationReference {
	return &pb.ConversationReference{Reference: &pb.ConversationReference_Target{
		Target: &pb.ConversationTarget{Type: pb.ConversationType_CONVERSATION_TYPE_SINGLE, Id: userID},
	}}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
