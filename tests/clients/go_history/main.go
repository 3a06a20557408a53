// Prints the ids of a group's messages as its history has them, or of a user's messages as a watch receives them.
//
// Usage: PROGRAM HOST:PORT USER up|down GROUP
// reads the whole history of the group in pages of 50, and prints an id a line.
//
// Usage: PROGRAM HOST:PORT USER watch LAST
// prints "watching" when the watch has begun, then an id a line until the message with the client_message_id LAST
// arrives, whose id it does not print. A watch that the server ends as too slow goes on from its last token.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/backscroll/backscroll-go"
	pb "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

const pageSize = 50

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: PROGRAM HOST:PORT USER up|down GROUP, or PROGRAM HOST:PORT USER watch LAST")
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func run(address, user, mode, argument string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(backscroll.ServiceConfig))
	if err != nil {
		return err
	}
	defer conn.Close()
	printed := bufio.NewWriter(os.Stdout)
	defer printed.Flush()
	switch mode {
	case "up":
		return page(conn, user, argument, pb.SearchDirection_SEARCH_DIRECTION_UP, printed)
	case "down":
		return page(conn, user, argument, pb.SearchDirection_SEARCH_DIRECTION_DOWN, printed)
	case "watch":
		return watch(conn, user, argument, printed)
	}
	return fmt.Errorf("no mode is named %s", mode)
}

func page(conn *grpc.ClientConn, user, group string, direction pb.SearchDirection, printed *bufio.Writer) error {
	client := pb.NewMessageServiceClient(conn)
	target := &pb.ConversationTarget{Type: pb.ConversationType_CONVERSATION_TYPE_GROUP, Id: group}
	conversation := &pb.ConversationReference{Reference: &pb.ConversationReference_Target{Target: target}}
	request := &pb.ListMessagesRequest{UserId: user, Conversation: conversation, Direction: direction, PageSize: pageSize}
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

func watch(conn *grpc.ClientConn, user, last string, printed *bufio.Writer) error {
	client := pb.NewEventServiceClient(conn)
	for token := ""; ; {
		stream, err := client.WatchEvents(context.Background(), &pb.WatchEventsRequest{UserId: user, ResumeToken: token})
		for err == nil {
			var part *pb.WatchEventsResponse
			if part, err = stream.Recv(); err != nil {
				break
			}
			if token == "" {
				fmt.Fprintln(printed, "watching")
				printed.Flush()
			}
			token = part.GetResumeToken()
			for _, event := range part.GetEvents() {
				if message := event.GetMessageReceived().GetMessage(); message.GetClientMessageId() == last {
					return nil
				} else if message != nil {
					fmt.Fprintln(printed, message.GetMessageId())
				}
			}
		}
		if status.Code(err) != codes.ResourceExhausted {
			return err
		}
		log.Print(err)
		time.Sleep(time.Second)
	}
}
