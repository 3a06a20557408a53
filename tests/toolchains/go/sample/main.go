// Sends, pages and watches. Arguments: HOST:PORT and the id of a user that nobody used before.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"slices"
	"time"

	backscrollv1 "github.com/backscroll/backscroll-go/backscroll/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: sample HOST:PORT USER_ID")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(address, user string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	channel, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer channel.Close()
	messages, events := backscrollv1.NewMessageServiceClient(channel), backscrollv1.NewEventServiceClient(channel)

	first, err := send(ctx, messages, user, "one")
	if err != nil {
		return err
	}
	conversationID := first.GetMessage().GetConversationId()
	before, err := messages.ListMessages(ctx, page(user, conversationID, backscrollv1.SearchDirection_SEARCH_DIRECTION_UP, ""))
	if err != nil {
		return fmt.Errorf("reading before the second message: %w", err)
	}
	for _, duplicate := range []bool{false, true} {
		second, err := send(ctx, messages, user, "two")
		if err != nil {
			return err
		}
		if second.GetDuplicate() != duplicate {
			return fmt.Errorf("duplicate is %t, not %t", second.GetDuplicate(), duplicate)
		}
	}

	for direction, expected := range map[backscrollv1.SearchDirection][]string{
		backscrollv1.SearchDirection_SEARCH_DIRECTION_UP:   {"two", "one"},
		backscrollv1.SearchDirection_SEARCH_DIRECTION_DOWN: {"one", "two"},
	} {
		texts, token := []string{}, ""
		for {
			response, err := messages.ListMessages(ctx, page(user, conversationID, direction, token))
			if err != nil {
				return fmt.Errorf("paging %s: %w", direction, err)
			}
			for _, message := range response.GetMessages() {
				texts = append(texts, message.GetContent().GetText().GetText())
			}
			if token = response.GetNextPageToken(); token == "" {
				break
			}
		}
		if !slices.Equal(texts, expected) {
			return fmt.Errorf("paging %s gave %q, not %q", direction, texts, expected)
		}
	}

	stream, err := events.WatchEvents(ctx, &backscrollv1.WatchEventsRequest{UserId: user, ResumeToken: before.GetResumeToken()})
	if err != nil {
		return fmt.Errorf("watching: %w", err)
	}
	for {
		response, err := stream.Recv()
		if err != nil {
			return fmt.Errorf("watching: %w", err)
		}
		for _, event := range response.GetEvents() {
			if received := event.GetMessageReceived(); received != nil {
				if text := received.GetMessage().GetContent().GetText().GetText(); text != "two" {
					return fmt.Errorf("the watch delivered %q, not \"two\"", text)
				}
				fmt.Println("sent, paged, watched")
				return nil
			}
		}
	}
}

func send(ctx context.Context, messages backscrollv1.MessageServiceClient, user, text string) (*backscrollv1.SendMessageResponse, error) {
	response, err := messages.SendMessage(ctx, &backscrollv1.SendMessageRequest{
		UserId: user,
		Conversation: &backscrollv1.ConversationReference{Reference: &backscrollv1.ConversationReference_Target{
			Target: &backscrollv1.ConversationTarget{
				Type: backscrollv1.ConversationType_CONVERSATION_TYPE_SINGLE,
				Id:   user + "-friend",
			},
		}},
		Message: &backscrollv1.OutgoingMessage{
			Content:         &backscrollv1.Content{Kind: &backscrollv1.Content_Text{Text: &backscrollv1.TextContent{Text: text}}},
			ClientMessageId: text,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("sending %q: %w", text, err)
	}
	return response, nil
}

// One message a page, so that there is a second one.
func page(user, conversationID string, direction backscrollv1.SearchDirection, token string) *backscrollv1.ListMessagesRequest {
	return &backscrollv1.ListMessagesRequest{
		UserId: user,
		Conversation: &backscrollv1.ConversationReference{
			Reference: &backscrollv1.ConversationReference_ConversationId{ConversationId: conversationID},
		},
		Direction: direction,
		PageSize:  1,
		PageToken: token,
	}
}
