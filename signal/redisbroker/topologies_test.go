package redisbroker_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/redistest"
	"github.com/qwelp/qwelp-go/signal"
	"github.com/qwelp/qwelp-go/signal/brokertest"
	"github.com/qwelp/qwelp-go/signal/redisbroker"
)

// Two brokers that find their master by three Sentinels act as one, also when that master dies.
func TestBrokersFollowSentinels(t *testing.T) {
	t.Parallel() // most of its time it waits
	host := redistest.Host(t)
	master := redistest.StartAt(t, host, "6379")
	redistest.StartAt(t, host, "6380", "--replicaof", host+" 6379", "--repl-diskless-sync-delay", "0")
	master.Eventually("state=online", "INFO", "replication")
	var sentinels []*redistest.Server
	for _, port := range []string{"26379", "26380", "26381"} {
		sentinels = append(sentinels, redistest.StartSentinel(t, host, port, "shop", master, 2, 300*time.Millisecond))
	}
	for _, s := range sentinels {
		s.Eventually("num-slaves\n1\nnum-other-sentinels\n2", "SENTINEL", "MASTER", "shop")
	}
	url := fmt.Sprintf("redis://%s?addr=%s&addr=%s&master_name=shop", sentinels[0].Address, sentinels[1].Address, sentinels[2].Address)
	b := open(t, redisbroker.Options{URL: url})
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wrong := open(t, redisbroker.Options{URL: sentinels[0].URL()})
	if err := wrong.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "add master_name=") {
		t.Errorf("a Sentinel taken for a server: %v", err)
	}
	brokertest.RunCluster(t, func(t *testing.T) (one, two signal.Broker) {
		return open(t, redisbroker.Options{URL: url}), open(t, redisbroker.Options{URL: url})
	}, brokertest.Engine{Restart: func(*testing.T) { master.Kill() }})
	eventually(t, "the new master is whole", func() bool { return b.Check(t.Context()) == nil })
}

// A name may come to mean another server while connections to the old one stay, which takes no writes any more.
func TestAMasterThatBecomesAReplicaIsLeft(t *testing.T) {
	host := redistest.Host(t)
	old, fresh := redistest.StartAt(t, host, "6379"), redistest.StartAt(t, host, "6380")
	proxy := redistest.NewProxy(t, old)
	b := open(t, redisbroker.Options{URL: proxy.URL()})
	var l listener
	defer l.subscribe(t, b, "topic")()
	old.Command("REPLICAOF", host, "6380")
	if err := b.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "is a replica") {
		t.Errorf("Check: %v", err)
	}
	proxy.Lead(fresh)
	eventually(t, "a value is set on the new one", func() bool {
		ok, err := b.Set(t.Context(), "key", nil, []byte("x"), time.Minute)
		return ok && err == nil
	})
	eventually(t, "there is word of the gap", func() bool { return strings.Contains(l.all(), "lost") })
	publish(t, b, "topic", "x")
	eventually(t, "messages arrive", func() bool { return strings.HasSuffix(l.all(), "lost x") })
}

func TestBrokersOnAClusterActAsOne(t *testing.T) {
	t.Parallel() // most of its time it waits
	host := redistest.Host(t)
	var nodes []*redistest.Server
	for i := range 3 {
		node := redistest.StartAt(t, host, fmt.Sprint(7000+i), "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		node.Command("CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(i*5461), fmt.Sprint([]int{5460, 10921, 16383}[i]))
		node.Command("CLUSTER", "SET-CONFIG-EPOCH", fmt.Sprint(i+1))
		nodes = append(nodes, node)
	}
	for _, node := range nodes[1:] {
		h, port, _ := net.SplitHostPort(node.Address)
		nodes[0].Command("CLUSTER", "MEET", h, port)
	}
	for _, node := range nodes {
		node.Eventually("cluster_state:ok", "CLUSTER", "INFO")
		node.Eventually("cluster_known_nodes:3", "CLUSTER", "INFO")
	}
	o := redisbroker.Options{URL: "redis://" + nodes[1].Address + "?cluster=true"}
	b := open(t, o)
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wrong := open(t, redisbroker.Options{URL: nodes[0].URL()})
	if err := wrong.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "add cluster=true") {
		t.Errorf("a node taken for a server: %v", err)
	}
	brokertest.Run(t, func(*testing.T) signal.Broker { return b })
	brokertest.RunCluster(t, func(t *testing.T) (one, two signal.Broker) { return open(t, o), open(t, o) }, brokertest.Engine{
		Cut: func(*testing.T) {
			for _, node := range nodes {
				node.Command("CLIENT", "KILL", "TYPE", "pubsub")
			}
		},
	})

	// A slot that moves takes its subscriptions with it.
	slot := nodes[0].Command("CLUSTER", "KEYSLOT", "qwelp:t:topic")
	var n, from int
	fmt.Sscan(slot, &n)
	from = min(n/5461, 2)
	to := (from + 1) % 3
	var l listener
	defer l.subscribe(t, b, "topic")()
	id := nodes[to].Command("CLUSTER", "MYID")
	for _, i := range []int{to, from, 3 - to - from} {
		nodes[i].Command("CLUSTER", "SETSLOT", slot, "NODE", id)
	}
	eventually(t, "lost is called", func() bool { return strings.HasPrefix(l.all(), "lost") })
	publish(t, b, "topic", "x")
	eventually(t, "messages arrive", func() bool { return strings.HasSuffix(l.all(), "lost x") })
}
