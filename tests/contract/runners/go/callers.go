package main

import (
	"crypto/rand"
	"maps"
	"strings"
	"sync"
)

// callers says who calls, and gives each user of a scenario an identity that no other has.
type callers struct {
	known *identities
	mutex sync.Mutex
	taken int
}

func (c *callers) takeUser(name string) knownUser {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.taken == len(c.known.Users) {
		return knownUser{UserID: name + "-" + randomText()}
	}
	c.taken++
	return c.known.Users[c.taken-1]
}

// metadata returns what a call of a caller sends: a user among those given, or else one of the credentials file.
func (c *callers) metadata(caller string, users map[string]knownUser) map[string]string {
	result := map[string]string{}
	if user, isUser := users[caller]; isUser {
		maps.Copy(result, user.Metadata)
	} else {
		maps.Copy(result, c.known.Callers[caller])
	}
	return result
}

func randomText() string { return strings.ToLower(rand.Text()) }
