// Prints the message ids of a group's history, or those that a watch receives, one a line.
//
// Usage: PROGRAM HOST:PORT USER GROUP up|down
// reads the whole history of the group in pages of 50.
//
// Usage: PROGRAM HOST:PORT USER GROUP watch LAST
// prints "watching" when the watch has begun, then what is received in the group, up to the message with the
// client_message_id LAST, which is not printed.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/backscroll/backscroll-go"
	pb "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const pageSize = 50

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(arguments []string) error {
	if len(arguments) < 4 {
		return errors.New("usage: PROGRAM HOST:PORT USER GROUP up|down|watch [LAST]")
	}
	address, user, group, mode := arguments[0], arguments[1], arguments[2], arguments[3]
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(backscroll.ServiceConfig))
	if err != nil {
		return err
	}
	defer conn.Close()
	printed := bufio.NewWriter(os.Stdout)
	defer printed.Flush()
	switch {
	case mode == "up" && len(arguments) == 4:
		return page(conn, user, group, pb.SearchDirection_SEARCH_DIRECTION_UP, printed)
	case mode == "down" && len(arguments) == 4:
		return page(conn, user, group, pb.SearchDirection_SEARCH_DIRECTION_DOWN, printed)
	case mode == "watch" && len(arguments) == 5:
		return watch(conn, user, group, arguments[4], printed)
	}
	return fmt.Errorf("%s with %d arguments is not known", mode, len(arguments))
}

func page(conn *grpc.ClientConn, user, group string, direction pb.SearchDirection, printed *bufio.Writer) error {
	client := pb.NewMessageServiceClient(conn)
	request := &pb.ListMessagesRequest{UserId: user, Conversation: reference(group), Direction: direction, PageSize: pageSize}
	for {
		page, err := client.ListMessages(context.Background(), request)
		if err != nil {
			return err
		}
		for _, message := range page.GetMessages() {
			fmt.Fprintln(printed, message.GetMessageId())
		}
		if page.GetNextPageToken() == "" {
			return nil
		}
		if count := len(page.GetMessages()); count != pageSize {
			return fmt.Errorf("a page that is not the last has %d messages", count)
		}
		request.PageToken = page.GetNextPageToken()
	}
}

func watch(conn *grpc.ClientConn, user, group, last string, printed *bufio.Writer) error {
	ctx := context.Background()
	found, err := pb.NewConversationServiceClient(conn).GetConversation(ctx,
		&pb.GetConversationRequest{UserId: user, Conversation: reference(group)})
	if err != nil {
		return err
	}
	stream, err := pb.NewEventServiceClient(conn).WatchEvents(ctx, &pb.WatchEventsRequest{UserId: user})
	if err != nil {
		return err
	}
	if _, err := stream.Recv(); err != nil {
		return err
	}
	fmt.Fprintln(printed, "watching")
	if err := printed.Flush(); err != nil {
		return err
	}
	for {
		part, err := stream.Recv()
		if err != nil {
			return err
		}
		for _, event := range part.GetEvents() {
			message := event.GetMessageReceived().GetMessage()
			switch {
			case message.GetConversationId() != found.GetConversation().GetConversationId():
			case message.GetClientMessageId() == last:
				return nil
			default:
				fmt.Fprintln(printed, message.GetMessageId())
			}
		}
	}
}

func reference(group string) *pb.ConversationReference {
	return &pb.ConversationReference{Reference: &pb.ConversationReference_Target{
		Target: &pb.ConversationTarget{Type: pb.ConversationType_CONVERSATION_TYPE_GROUP, Id: group},
	}}
}
