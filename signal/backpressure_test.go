package signal

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/qwelp/qwelp-go/signal/wire"
)

// stuckPair gives a pair whose agent reads nothing until free is called.
func stuckPair(t *testing.T, w *world) (sender, agent *client, to string, free func()) {
	t.Helper()
	block := make(chan struct{})
	sender = w.customer()
	agent = w.agentFrom(dialing{agent: "ann", ping: func(string) error { <-block; return nil }})
	started := sender.start()
	to = agent.join(started.Code).Member
	expect[wire.MemberJoined](sender)
	time.Sleep(pingInterval) // now it hangs in its ping handler
	agent.send(wire.Pong{})
	synctest.Wait()
	return sender, agent, to, func() { close(block) }
}

const floodBytes = 30_000

var floodBox = strings.Repeat("x", floodBytes)

// flood sends packets until the connection fails, and counts them.
func flood(c *client, to string) (sent chan int) {
	sent = make(chan int, 10_000)
	go func() {
		defer close(sent)
		for i := 0; c.pass(to, fmt.Sprint(i), floodBox) == nil; i++ {
			sent <- i
		}
	}()
	return sent
}

func TestWhoReadsSlowlySlowsTheOtherEndAndLosesNothing(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, to, free := stuckPair(t, w)
		sent := flood(sender, to)
		synctest.Wait()
		if n := len(sent); n > maxPacketBytes/floodBytes+3 {
			t.Errorf("%d packets are taken while nobody reads", n)
		}
		bystander, other, _, joined := w.pair()
		begin := time.Now()
		bystander.pass(joined.Member, "link", "x")
		expectPacket(other)
		agent.send(wire.End{}) // what the agent says reaches the customer all the same
		expect[wire.Ended](sender)
		equals(t, "time that others wait", time.Since(begin), 0*time.Second)
		free()
	})
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, to, free := stuckPair(t, w)
		flood(sender, to)
		time.Sleep(packetWait - time.Second)
		free()
		for i := range 200 {
			equals(t, "link", expectPacket(agent).link, fmt.Sprint(i))
		}
		equals(t, "lost", fmt.Sprint(w.Stats().PacketsLost), "0")
		sender.ws.Close()
	})
}

func TestPacketsForWhoReadsNothingAreLostInTheEnd(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, to, free := stuckPair(t, w)
		sent := flood(sender, to)
		alive := time.NewTicker(10 * time.Second)
		defer alive.Stop()
		begin := time.Now()
		time.Sleep(packetWait + time.Second)
		before := len(sent)
		time.Sleep(time.Second)
		if len(sent) == before {
			t.Error("further packets wait too")
		}
		if w.Stats().PacketsLost == 0 {
			t.Error("no packet is lost")
		}
		for len(sender.inbox) == 0 {
			<-alive.C
			agent.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"pong"}`)) // it lives, and does not read
		}
		equals(t, "away", expect[wire.MemberAway](sender).Member, to)
		if took := time.Since(begin); took < idleTimeout-20*time.Second || took > idleTimeout+20*time.Second {
			t.Errorf("cut off after %v", took)
		}
		expectQuiet(sender) // the flood has only been slowed down
		sender.ws.Close()
		free()
	})
}

func TestLettersForWhoDoesNotReadWaitAndCutNobodyOff(t *testing.T) {
	sealed := func(to string, i int) wire.Sealed {
		return wire.Sealed{To: to, Link: fmt.Sprint(i), Box: strings.Repeat("x", maxBox)}
	}
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, to, free := stuckPair(t, w)
		const n = 9 // larger than what may wait, and within the sender's budget
		go func() {
			for i := range n {
				sender.send(sealed(to, i))
			}
		}()
		time.Sleep(packetWait - time.Second)
		expectQuiet(sender)
		free()
		for i := range n {
			equals(t, "link", expect[wire.Sealed](agent).Link, fmt.Sprint(i))
		}
		equals(t, "lost", w.Stats().MessagesLost, uint64(0))
	})
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, agent, to, free := stuckPair(t, w)
		bystander, other, _, joined := w.pair()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := range 20 {
				sender.send(sealed(to, i))
			}
			sender.send(wire.Ping{})
		}()
		synctest.Wait()
		begin := time.Now()
		bystander.send(sealed(joined.Member, 1))
		expect[wire.Sealed](other)
		equals(t, "time that others wait", time.Since(begin), 0*time.Second)
		expect[wire.Pong](sender) // when one letter has waited in vain, the others wait no more
		if took := time.Since(begin); took < packetWait || took > packetWait+5*time.Second {
			t.Errorf("the letters were given up after %v", took)
		}
		if lost := w.Stats().MessagesLost; lost == 0 || lost > 20-maxLetterBytes/maxBox+1 {
			t.Errorf("%d letters are lost", lost)
		}
		free()
		<-done
		for range 20 - w.Stats().MessagesLost {
			expect[wire.Sealed](agent)
		}
		sender.send(sealed(to, 20))
		equals(t, "link", expect[wire.Sealed](agent).Link, "20")
	})
}

func TestLettersOfAnotherReplicaThatFindNoRoomAreLost(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, one, two *world, _ *faultyBroker) {
		block := make(chan struct{})
		sender := one.customer()
		started := sender.start()
		stuck := two.agentFrom(dialing{agent: "ann", ping: func(string) error { <-block; return nil }})
		to := stuck.join(started.Code).Member
		expect[wire.MemberJoined](sender)
		time.Sleep(pingInterval) // now it hangs in its ping handler
		stuck.send(wire.Pong{})
		synctest.Wait()
		for i := range 15 {
			sender.send(wire.Sealed{To: to, Link: fmt.Sprint(i), Box: strings.Repeat("x", maxBox)})
		}
		expectQuiet(sender)
		lost := two.Stats().MessagesLost
		if lost == 0 {
			t.Error("all letters found room")
		}
		close(block)
		for range 15 - lost {
			expect[wire.Sealed](stuck)
		}
		sender.send(wire.End{})
		expect[wire.Ended](stuck)
	})
}

func TestWhoEndsTheSessionNeedNotWaitForWhoReadsNothing(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, _, to, free := stuckPair(t, w)
		defer free()
		for range maxPacketBytes/floodBytes + 10 {
			sender.pass(to, "link", floodBox)
		}
		begin := time.Now()
		sender.send(wire.End{})
		expect[wire.Ended](sender)
		if took := time.Since(begin); took > packetWait {
			t.Errorf("it took %v", took)
		}
	})
}

func TestShutdownDoesNotWaitForPackets(t *testing.T) {
	inWorld(t, Config{}, func(t *testing.T, w *world) {
		sender, _, to, free := stuckPair(t, w)
		defer free()
		flood(sender, to)
		synctest.Wait()
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go w.Shutdown(ctx)
		expect[wire.Draining](sender)
		expectClose(sender, websocket.CloseServiceRestart)
		if took := time.Since(begin); took > time.Second {
			t.Errorf("the sender is told after %v", took)
		}
	})
}

func TestMessagesOvertakePackets(t *testing.T) {
	o := newOutbox()
	o.offer([]byte("p1"))
	o.offer([]byte("p2"))
	o.push([]byte("m"))
	queue, p, _ := o.take()
	equals(t, "first", fmt.Sprintf("%s %s", queue, p), "[m] p1")
	o.hold() // before the reply nothing else goes out
	queue, p, _ = o.take()
	equals(t, "held", fmt.Sprintf("%s %s", queue, p), "[] ")
	o.release([][]byte{[]byte("reply")}, false)
	queue, p, _ = o.take()
	equals(t, "second", fmt.Sprintf("%s %s", queue, p), "[reply] p2")
}

func TestLettersLeaveRoomForTheServersOwnMessages(t *testing.T) {
	o := newOutbox()
	o.hold()
	for n := range maxLetters + 1 {
		if taken, room := o.offerLetter([]byte("x")); taken != (n < maxLetters) || taken != (room == nil) {
			t.Errorf("letter %d: %v", n, taken)
		}
	}
	_, room := o.offerLetter([]byte("x"))
	if !o.push([]byte("message")) {
		t.Error("letters leave no room for messages")
	}
	o.giveUpLetter()
	if taken, wait := o.offerLetter([]byte("x")); taken || wait != nil {
		t.Error("somebody waits again")
	}
	o.release(nil, true)
	<-room
	if taken, _ := o.offerLetter(make([]byte, maxLetterBytes)); !taken {
		t.Error("what was dropped leaves no room")
	}
	_, room = o.offerLetter([]byte("x"))
	o.end(ending{}, false)
	<-room
	if taken, wait := o.offerLetter([]byte("x")); taken || wait != nil {
		t.Error("letters go into an outbox that has ended")
	}
}

func TestPacketsInTheOutboxAreBounded(t *testing.T) {
	for _, size := range []int{1, 60, 32_000} {
		o := newOutbox()
		n := 0
		for {
			taken, room := o.offer(make([]byte, size))
			if !taken {
				select {
				case <-room:
					t.Error("there is room at once")
				default:
				}
				break
			}
			n++
		}
		if n*(size+packetCost) > maxPacketBytes || (n+1)*(size+packetCost) <= maxPacketBytes {
			t.Errorf("%d packets of %d bytes fit", n, size)
		}
		_, room := o.offer(make([]byte, size))
		o.giveUp()
		if taken, wait := o.offer(make([]byte, size)); taken || wait != nil {
			t.Error("somebody waits again")
		}
		if !o.push([]byte("message")) {
			t.Error("packets leave no room for messages")
		}
		o.take()
		<-room
		if taken, _ := o.offer(make([]byte, size)); !taken {
			t.Error("what was taken leaves no room")
		}
		_, room = o.offer(make([]byte, size))
		o.end(ending{}, false)
		<-room
		if taken, wait := o.offer([]byte("x")); taken || wait != nil {
			t.Error("packets go into an outbox that has ended")
		}
	}
}
