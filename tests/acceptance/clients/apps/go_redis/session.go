// Sessions of go-redis; ../python/session.py describes the requests.
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func open(words []string) (redis.UniversalClient, error) {
	mode, url := words[0], words[1]
	if mode == "cluster" {
		options, err := redis.ParseClusterURL(url)
		if err != nil {
			return nil, err
		}
		// Every minute by default: so long go-redis connects to a primary that is lost.
		options.ClusterStateReloadInterval = time.Second
		return redis.NewClusterClient(options), nil
	}
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	return redis.NewClient(options), nil
}

func secret(words []string) redis.UniversalClient {
	mode, host, port, encrypted, username, password := words[0], words[1], words[2], words[3], words[4], words[5]
	options := &redis.UniversalOptions{
		Addrs:         []string{host + ":" + port},
		Username:      username,
		Password:      password,
		IsClusterMode: mode == "cluster",
	}
	if encrypted == "true" {
		options.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return redis.NewUniversalClient(options)
}

func use(client redis.UniversalClient) (string, error) {
	for number := range 16 {
		key := fmt.Sprintf("key-%d", number)
		if err := client.Set(ctx, key, number, 0).Err(); err != nil {
			return "", err
		}
		if value, err := client.Get(ctx, key).Int(); err != nil || value != number {
			return "", fmt.Errorf("%d instead of %d: %w", value, number, err)
		}
	}
	return client.Do(ctx, "ACL", "WHOAMI").Text()
}

func answer(clients map[string]redis.UniversalClient, verb, name string, words []string) (string, error) {
	switch verb {
	case "open":
		client, err := open(words)
		if err != nil {
			return "", err
		}
		clients[name] = client
		return use(client)
	case "secret":
		clients[name] = secret(words)
		return use(clients[name])
	case "use":
		return use(clients[name])
	default:
		return "", clients[name].Close()
	}
}

func main() {
	clients := map[string]redis.UniversalClient{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), "\t")
		if text, err := answer(clients, words[0], words[1], words[2:]); err != nil {
			fmt.Printf("error\t%s\n", strings.Join(strings.Fields(err.Error()), " "))
		} else {
			fmt.Printf("ok\t%s\n", text)
		}
	}
}
