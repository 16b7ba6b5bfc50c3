package signal

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/signal/wire"
)

func TestOfTwoSecretsTheOlderCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := newSecret()
		time.Sleep(time.Millisecond)
		second := newSecret()
		ofVersionBefore, another := secret(bytes.Repeat([]byte{255}, 32)), secret(bytes.Repeat([]byte{254}, 32))
		for _, pair := range [][2]secret{{first, second}, {ofVersionBefore, first}, {another, ofVersionBefore}} {
			if !pair[0].isOlder(pair[1]) || pair[1].isOlder(pair[0]) || pair[0].isOlder(pair[0]) {
				t.Errorf("%x is not older than %x alone", pair[0], pair[1])
			}
		}
	})
}

func TestAReplicaThatComesNewDoesNotReplaceALostSecret(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, broker *faultyBroker) {
		sender := one.customer()
		started := sender.start()
		two.customer().start()
		time.Sleep(47 * time.Second) // between rounds
		forget(broker.Broker)
		three := newWorld(t, Config{Broker: broker}) // the first to find that there is none
		late := three.customer()
		late.start()
		time.Sleep(2*one.keepInterval() + time.Second)
		three.agent("ann").join(started.Code)
		expect[wire.MemberJoined](sender)
		for i, w := range []*world{one, two, three} {
			if w.hidden("1") != one.hidden("1") {
				t.Errorf("replica %d has another secret", i+1)
			}
		}
	})
}
